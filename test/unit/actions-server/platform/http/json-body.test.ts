/** Is a fault in a JSON body reported with its position? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonFault, parseJsonBody } from "#platform/http/json-body";

describe("parseJsonBody", () => {
  it.each([
    ["", "the body is empty; send a JSON object", undefined],
    [" \n", "the body is empty; send a JSON object", undefined],
    ['{"a":1', "the body ends too early at line 1, column 7", 6],
    ['{"a":"x', "the body is not JSON at line 1, column 6", 5],
    ["abc", "the body is not JSON at line 1, column 1", 0],
    ['{\n  "a": 1,\n  b: 2\n}', "the body is not JSON at line 3, column 3", 14],
    ['{"a":1}}', "the body is not JSON at line 1, column 8", 7],
    ["[1,]", "the body is not JSON at line 1, column 4", 3],
    ['{"a":1,}', "the body is not JSON at line 1, column 8", 7],
    ['{"a" 1}', "the body is not JSON at line 1, column 6", 5],
    ["[1 2]", "the body is not JSON at line 1, column 4", 3],
    ["01", "the body is not JSON at line 1, column 2", 1],
    ["[1}", "the body is not JSON at line 1, column 3", 2],
  ])("finds where %j stops being JSON", (text, message, position) => {
    expect(() => parseJsonBody(text)).toThrow(
      expect.objectContaining({
        code: "BAD_REQUEST",
        message,
        details: position === undefined ? undefined : { position },
      }) as Error,
    );
  });

  it("never shows the text", () => {
    expect(() => parseJsonBody('{"password": hunter2}')).toThrow(/^(?!.*hunter2)/);
  });

  it("bears deep nesting", () => {
    expect(() => parseJsonBody("[".repeat(500_000))).toThrow("line 1, column 500001");
  });

  it("parses what is JSON, with __proto__ as a mere member", () => {
    expect(Object.keys(parseJsonBody('{"__proto__":1,"a":[]}') as object)).toEqual([
      "__proto__",
      "a",
    ]);
  });
});

describe("findJsonFault", () => {
  it("reads all of any JSON, and no more than JSON.parse does of a spoilt one", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom("}", "]", ",", ":", '"', "x", " "),
        (text, at, char) => {
          expect(findJsonFault(text)).toBe(text.length);
          const cut = at % (text.length + 1);
          const spoilt = text.slice(0, cut) + char + text.slice(cut);
          let isJson = true;
          try {
            JSON.parse(spoilt);
          } catch {
            isJson = false;
          }
          if (isJson) expect(findJsonFault(spoilt)).toBe(spoilt.length);
          else expect(findJsonFault(spoilt)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
