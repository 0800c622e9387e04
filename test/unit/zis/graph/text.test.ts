import { describe, expect, it } from "vitest";
import { escapeXml, oneLine, widthOf, wrap } from "#zis/graph/text";

describe("wrapping", () => {
  it.each<[string, string[]]>([
    ["short", ["short"]],
    ["Load the settings of the account", ["Load the", "settings of the", "account"]],
    ["Transform.GetAllEmailsFromList", ["Transform.Get", "AllEmailsFrom", "List"]],
    ["snake_case_names_break_too", ["snake_case_", "names_break_", "too"]],
    ["x".repeat(40), ["xxxxxxxxxxxxx", "xxxxxxxxxxxxx", "xxxxxxxxxxx…"]],
    ["  two\n\tlines\u0000 ", ["two lines"]],
    ["", [""]],
  ])("breaks %j into lines that fit", (text, lines) => {
    const wrapped = wrap(text, 13, 105, 3);
    expect(wrapped).toEqual(lines);
    for (const line of wrapped) expect(widthOf(line, 13)).toBeLessThanOrEqual(105);
  });

  it("never cuts an emoji made of several characters", () => {
    const family = "👨‍👩‍👧‍👦";
    for (const line of wrap(family.repeat(30), 13, 50, 3)) {
      expect(line.replaceAll(family, "").replace("…", "")).toBe("");
    }
  });

  it("ends in an ellipsis when lines are left over", () => {
    expect(wrap("one two three four five six seven", 13, 60, 2)).toEqual(["one two", "three…"]);
  });

  it("cuts very long text before measuring it", () => {
    expect(oneLine("word ".repeat(100_000))).toHaveLength(401);
  });
});

it.each<[string, string]>([
  [`<a href="x">'&'</a>`, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"],
  ["a\u0000b\u001bc", "a\ufffdb\ufffdc"],
  ["half \ud83d an emoji", "half \ufffd an emoji"],
  ["whole 😀", "whole 😀"],
])("makes %j fit for XML", (text, escaped) => {
  expect(escapeXml(text)).toBe(escaped);
});
