/** Escapes and LIKE patterns of SOQL. */
import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodePattern,
  decodeString,
  fitsPattern,
  type IllegalEscape,
} from "#sandbox/salesforce/soql/strings";

describe("a quoted text", () => {
  it.each([
    [String.raw`It\'s`, "It's"],
    [String.raw`a\\b`, "a\\b"],
    [String.raw`\"\n\r\t\b\f`, '"\n\r\t\b\f'],
    [String.raw`\N\T`, "\n\t"],
    [String.raw`\u00e9\u0041`, "éA"],
    ["100%_", "100%_"],
  ])("%s says %j", (raw, text) => {
    expect(decodeString(raw)).toBe(text);
  });

  it.each([String.raw`a\z`, String.raw`a\_`, String.raw`a\%`, String.raw`a\u12`, "a\\"])(
    "with the sequence of %s is refused where it stands",
    (raw) => {
      expect(() => decodeString(raw)).toThrow(
        expect.objectContaining({ offset: 1 }) as IllegalEscape,
      );
    },
  );

  it("gives back any text that was escaped by the rules", () => {
    assert(
      property(string({ unit: "binary" }), (text) => {
        expect(decodeString(text.replace(/[\\']/g, String.raw`\$&`))).toBe(text);
      }),
    );
  });
});

describe("a pattern", () => {
  it.each([
    ["abc", "ABC", true],
    ["a%", "abc", true],
    ["%c", "abc", true],
    ["%b%", "abc", true],
    ["a_c", "abc", true],
    ["a_c", "abbc", false],
    ["b%", "abc", false],
    ["abc%", "abc", true],
    ["%", "", true],
    ["_", "", false],
    ["%a%b", "xaxbxb", true],
    [String.raw`100\%`, "100%", true],
    [String.raw`100\%`, "1000", false],
    [String.raw`a\_c`, "abc", false],
    ["a.c", "abc", false],
  ])("%s on %s is %j", (pattern, value, fits) => {
    expect(fitsPattern(value.toLowerCase(), decodePattern(pattern))).toBe(fits);
  });

  it("full of wildcards is still answered at once", () => {
    const started = performance.now();
    expect(fitsPattern("a".repeat(255), decodePattern("%a".repeat(200) + "b"))).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
