import { describe, expect, it } from "vitest";
import { checkTextAndJq } from "#zis/check/check-jq";
import { createExplainJq } from "#zis/engine/jq-compile";
import { flowText } from "./bundles.ts";

const explain = createExplainJq();
const findings = async (expr: string) => {
  const text = flowText(
    `"A":{"Type":"Action","ActionName":"zis:common:transform:Jq","ResultPath":"$.r","End":true,\n"Parameters":{"expr":${JSON.stringify(expr)},"data.$":"$"}}`,
  );
  return (await checkTextAndJq(text, {}, explain)).findings;
};

describe("a jq program that jq cannot compile", () => {
  it.each([
    [".a ||| b", "syntax error, unexpected '|'"],
    ["$.x", "syntax error, unexpected FIELD"],
    ["nothing_of_the_kind(.a)", "nothing_of_the_kind/1 is not defined"],
    ["1) else (2", "syntax error"],
  ])("is found with its place and jq's message: %s", async (expr, words) => {
    const found = await findings(expr);
    const reported = found.filter(({ severity }) => severity === "error");
    expect(reported).toMatchObject([{ rule: "jq-syntax", origin: "ours", line: 4, column: 22 }]);
    expect(reported[0]?.message).toContain(words);
  });
});

it.each([".a # a comment", "def f: 1; f", "reduce .[] as $x (0; . + $x)", "def f: f; f", "error"])(
  "a program that compiles is not run: %s",
  async (expr) => {
    expect(await findings(expr)).toEqual([]);
  },
);
