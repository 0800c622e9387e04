/** Does an id keep all of its digits? */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLossless } from "#remotes/zendesk/lossless-json";

describe("parseLossless", () => {
  it.each([
    ['{"id":9007199254740993}', { id: "9007199254740993" }],
    ['{"id":-9007199254740993}', { id: "-9007199254740993" }],
    ['{"id":9007199254740991}', { id: 9_007_199_254_740_991 }],
    ['[{"ids":[18446744073709551615,1]}]', [{ ids: ["18446744073709551615", 1] }]],
    ['{"text":"9007199254740993"}', { text: "9007199254740993" }],
    ['{"share":0.12345678901234567}', { share: Number("0.12345678901234567") }],
    ['{"huge":1e300}', { huge: 1e300 }],
  ])("reads %s", (text, value) => {
    expect(parseLossless(text)).toEqual(value);
  });

  it("reads every integer of 64 bits digit by digit", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (id) => {
        expect(String((parseLossless(`{"id":${id}}`) as { id: unknown }).id)).toBe(String(id));
      }),
    );
  });

  it("throws on what is not JSON", () => {
    expect(() => parseLossless("Number of allowed API requests")).toThrow(SyntaxError);
    expect(() => parseLossless('{"id":9007199254740993')).toThrow(SyntaxError);
  });
});
