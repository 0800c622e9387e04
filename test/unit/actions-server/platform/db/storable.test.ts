/** Does every text become one that Postgres can hold, with nothing else changed? */
import { describe, expect, it } from "vitest";
import { storableJson, storableText } from "#platform/db/storable";

describe("storableText", () => {
  it.each([
    ["a\0b", "a\ufffdb"],
    ["half \ud83d", "half \ufffd"],
    ["\udc00 half", "\ufffd half"],
    ["😀 שלום \u200f \u0001 \r\n", "😀 שלום \u200f \u0001 \r\n"],
    ["", ""],
  ])("makes of %j %j", (text, stored) => {
    expect(storableText(text)).toBe(stored);
  });
});

describe("storableJson", () => {
  it("reaches every text, names included, and leaves the rest", () => {
    const value = { "na\0me": ["\ud83d", { deep: "\0" }], number: 1, yes: true, none: null };
    expect(storableJson(value)).toEqual({
      "na\ufffdme": ["\ufffd", { deep: "\ufffd" }],
      number: 1,
      yes: true,
      none: null,
    });
  });
});
