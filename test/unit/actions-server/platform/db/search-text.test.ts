/** Do texts in any script come to the same words, however they are written? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchText } from "#platform/db/search-text";

describe("searchText", () => {
  it.each([
    ["Café CRÈME", "cafe creme"],
    ["Cafe\u0301", "cafe"],
    ["ﬁrma Ⅳ", "firma iv"],
    ["شَحْنَة", "شحنة"],
    ["مـــرحبا", "مرحبا"],
    ["שָׁלוֹם", "שלום"],
    ["\u202babc\u202c", "abc"],
    ["a\0b", "a b"],
  ])("writes %j as %j", (text, expected) => {
    expect(searchText(text)).toBe(expected);
  });

  it("sets words apart where the script writes no spaces", () => {
    expect(searchText("荷物が届きません").split(" ").length).toBeGreaterThan(2);
    expect(searchText("พัสดุไม่มา").split(" ").length).toBeGreaterThan(1);
  });

  it("is short enough for a tsvector, whatever it is given", () => {
    expect(searchText("ﷺ".repeat(200_000)).length).toBeLessThanOrEqual(100_000);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const plain = searchText(text);
        expect(plain.isWellFormed()).toBe(true);
        expect(plain).not.toContain("\0");
      }),
    );
  });
});
