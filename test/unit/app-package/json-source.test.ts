import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pointerStep, readJsonSource } from "#app-package/json-source";

describe("the places of a JSON text", () => {
  test("keys that stand twice are told, at any depth", () => {
    const source = readJsonSource(
      '{"a": {"b": 1, "c": [{"d": 1, "d": 2}], "b": 2}, "x/y": 1, "x/y": 2}',
    );
    expect(source.duplicates).toEqual(["/a/c/0/d", "/a/b", "/x~1y"]);
  });

  test("strings that look like structure are none", () => {
    const source = readJsonSource('{"a": "{\\"b\\": 1, \\"b\\": 2}", "c": "[,]"}');
    expect(source.duplicates).toEqual([]);
    expect(source.locate("/c")).toEqual({ line: 1, column: 36 });
  });

  test("a text that is no JSON tells why and where", () => {
    const source = readJsonSource('{\n  "a": 1,\n  oops\n}');
    expect(source.problem).toMatch(/position 14/);
    expect(source.locate("")).toEqual({ line: 3, column: 3 });
  });

  test("a place that is not there is its nearest parent's", () => {
    const source = readJsonSource('{\n  "a": {"b": 1}\n}');
    expect(source.locate("/a/x/y")).toEqual({ line: 2, column: 8 });
    expect(source.locate("/z")).toEqual({ line: 1, column: 1 });
  });

  test("every value of any JSON is found where it stands", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.integer({ min: 0, max: 4 }),
        (value, spaces) => {
          const text = JSON.stringify(value, null, spaces);
          const source = readJsonSource(text);
          expect(source.value).toEqual(JSON.parse(text));
          const lines = text.split("\n");
          const check = (part: unknown, pointer: string): void => {
            const { line, column } = source.locate(pointer);
            const start = lines[line - 1]!.slice(column - 1);
            const first = JSON.stringify(part)[0]!;
            expect(start.startsWith(first)).toBe(true);
            if (typeof part !== "object" || part === null) return;
            for (const [key, member] of Object.entries(part))
              check(member, pointer + pointerStep(key));
          };
          check(JSON.parse(text), "");
        },
      ),
    );
  });
});
