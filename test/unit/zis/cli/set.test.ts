import { describe, expect, it } from "vitest";
import { readChoices, withoutEffectInRun } from "#zis/cli/set";

describe("readChoices", () => {
  it("sorts choices by whom they concern; a later one wins", () => {
    expect(
      readChoices(["jqOutputs=all", "duplicateLink=ok", "limits.seconds=5", "jqOutputs=single"]),
    ).toEqual({
      switches: { jqOutputs: "single" },
      serviceSwitches: { duplicateLink: "ok" },
      limits: { seconds: 5 },
    });
  });

  it.each([
    ["jqOutputs", '--set takes NAME=VALUE, not "jqOutputs"'],
    ["jqOutput=all", 'there is no switch "jqOutput"; nearest: "jqOutputs"'],
    ["jqOutputs=most", "jqOutputs must be one of first, all, single"],
    ["duplicateLink=maybe", "duplicateLink must be one of conflict, ok"],
    ["limits.seconds=0", "limits.seconds must be a number of seconds above 0"],
    ["limits.second=1", 'nearest: "limits.seconds"'],
  ])("refuses %s", (text, message) => {
    expect(() => readChoices([text])).toThrow(message);
  });
});

it.each([
  [["jqOutputs=all", "duplicateLink=ok", "configMerge=deep", "limits.seconds=5"], []],
  [
    ["uploadInstalls=keep", "retryBeforeCatch=retry"],
    ["retryBeforeCatch", "uploadInstalls"],
  ],
])("of the choices %j a single run does not go by %j", (texts, names) => {
  expect(withoutEffectInRun(readChoices(texts))).toEqual(names);
});
