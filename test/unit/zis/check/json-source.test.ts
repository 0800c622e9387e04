import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DEPTH, readJsonSource } from "#zis/check/json-source";

describe("reading a JSON text", () => {
  it("gives what JSON.parse gives, for any JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (text, indent) => {
        const value: unknown = JSON.parse(text);
        const source = readJsonSource(JSON.stringify(value, undefined, indent));
        expect(source.value).toEqual(value);
        expect(source.problems).toEqual([]);
      }),
    );
  });

  it("refuses what JSON.parse refuses, and accepts what it accepts", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      ".5",
      "e3",
      "true",
      "nul",
      "\\",
      " ",
      "\n",
      "é",
      "\u0001",
      "0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const accepts = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        const faults = readJsonSource(text).problems.filter(({ kind }) => kind === "not-json");
        expect(faults.length === 0).toBe(accepts);
      }),
      { numRuns: 2000 },
    );
  });

  it("knows where every value and every name stands", () => {
    const { locate } = readJsonSource('{\n  "a": [1,\n    {"b/c~d": "x"}],\r\n  "": 2\n}');
    expect(locate("", false)).toEqual({ line: 1, column: 1 });
    expect(locate("/a", true)).toEqual({ line: 2, column: 3 });
    expect(locate("/a", false)).toEqual({ line: 2, column: 8 });
    expect(locate("/a/1", false)).toEqual({ line: 3, column: 5 });
    expect(locate("/a/1/b~1c~0d", true)).toEqual({ line: 3, column: 6 });
    expect(locate("/a/1/b~1c~0d", false)).toEqual({ line: 3, column: 15 });
    expect(locate("/", false)).toEqual({ line: 4, column: 7 });
    expect(locate("/a/9/x", false)).toEqual({ line: 2, column: 8 });
  });

  it.each([
    ["", 1, 1, "Expected a JSON value, found the end of the text."],
    ["{", 1, 2, "Expected a name in double quotes, found the end of the text."],
    ["{a:1}", 1, 2, 'Expected a name in double quotes, found "a".'],
    ['{"a" 1}', 1, 6, 'Expected ":", found "1".'],
    ['{"a":1 "b":2}', 1, 8, 'Expected "," or "}", found "\\"".'],
    ["[1\n2]", 2, 1, 'Expected "," or "]", found "2".'],
    ["[01]", 1, 2, 'Expected a JSON value, found "01".'],
    ["[NaN]", 1, 2, 'Expected a JSON value, found "NaN".'],
    ['["abc', 1, 2, "This string is not closed."],
    ['["a\nb"]', 1, 4, "A string holds a line break or another control character."],
    [String.raw`["a\\\x"]`, 1, 6, "This escape is not allowed in JSON."],
    ["[] []", 1, 4, 'Expected the end of the text, found "[".'],
    ["\uFEFF{}", 1, 1, "The text begins with a byte order mark."],
    ["[1,\n]", 1, 3, 'JSON allows no comma before "]".'],
    ["[1] /* c */", 1, 5, "JSON has no comments."],
  ])("says where %j is wrong", (text, line, column, message) => {
    expect(readJsonSource(text).problems).toEqual([
      { kind: "not-json", path: "", position: { line, column }, message },
    ]);
  });

  it("continues after small mistakes and reports them all", () => {
    const source = readJsonSource('// x\n{"a":[1,],\n"a":2,}');
    expect(source.value).toEqual({ a: 2 });
    expect(source.problems.map(({ message, position }) => [position.line, message])).toEqual([
      [1, "JSON has no comments."],
      [2, 'JSON allows no comma before "]".'],
      [3, 'The name "a" is given twice in this object; most readers keep the last.'],
      [3, 'JSON allows no comma before "}".'],
    ]);
  });

  it("takes __proto__ for a name like any other", () => {
    const { value, problems } = readJsonSource('{"__proto__":{"a":1}}');
    expect(problems).toEqual([]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
  });

  it("reads down to its depth and reports once where the text goes deeper", () => {
    const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect(readJsonSource(deep(MAX_DEPTH)).problems).toEqual([]);
    const { problems } = readJsonSource(`[${deep(5000)},${deep(5000)}]`);
    expect(problems).toMatchObject([
      {
        kind: "too-deep",
        position: { line: 1, column: MAX_DEPTH + 1 },
        message: "Nesting is deeper than 200 levels.",
      },
    ]);
  });
});
