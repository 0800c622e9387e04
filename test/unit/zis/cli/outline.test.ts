import { describe, expect, it } from "vitest";
import { outline, outlineOfChange } from "#zis/cli/outline";

const long = "x".repeat(200);

describe("outline", () => {
  it.each([
    [5, ["5"]],
    [{ a: 1, b: [2] }, ['{"a":1,"b":[2]}']],
    [{ a: 1, b: long }, ["a: 1", `b: "${"x".repeat(119)} ... 82 more characters`]],
    [
      [1, long],
      ["[0] 1", `[1] "${"x".repeat(119)} ... 82 more characters`],
    ],
    [{ a: long }, [`{"a":"${"x".repeat(114)} ... 88 more characters`]],
  ])("of a value keeps to short lines", (value, lines) => {
    expect(outline(value)).toEqual(lines);
  });

  it("says how many items it leaves out", () => {
    const lines = outline(Array.from({ length: 100 }, (_, index) => index + 1000));
    expect(lines).toHaveLength(26);
    expect(lines.at(-1)).toBe("... 75 more items");
  });
});

describe("outlineOfChange", () => {
  it("marks members that were added and changed", () => {
    expect(outlineOfChange({ a: 1, b: { c: 2 }, d: 3 }, { a: 1, b: { c: 1 } })).toEqual([
      "  a: 1",
      '~ b: {"c":2}',
      "+ d: 3",
    ]);
  });

  it("tells data that were replaced as they are", () => {
    expect(outlineOfChange([1], { a: 1 })).toEqual(["[1]"]);
  });
});
