import { describe, expect, it } from "vitest";
import { onlyPositional, readArguments, requiredValue } from "#zis/cli/arguments";

const NAMES = { values: ["flow", "set"], flags: ["json"] };

describe("readArguments", () => {
  it("reads values, repeated values, flags and positionals in any order", () => {
    const args = readArguments(
      ["--set", "a=1", "bundle.json", "--json", "--flow=main", "--set", "b=2", "--", "--odd"],
      NAMES,
    );
    expect(args.positionals).toEqual(["bundle.json", "--odd"]);
    expect(args.value("flow")).toBe("main");
    expect(args.all("set")).toEqual(["a=1", "b=2"]);
    expect(args.flag("json")).toBe(true);
  });

  it("leaves out what was not given", () => {
    const args = readArguments([], NAMES);
    expect([args.value("flow"), args.all("set"), args.flag("json")]).toEqual([
      undefined,
      [],
      false,
    ]);
  });

  it.each([
    [["--flw", "x"], "there is no option --flw; did you mean --flow?"],
    [["--zzzzzz"], "there is no option --zzzzzz; there are --flow, --set, --json"],
    [["-q"], "there is no option -q; there are --flow, --set, --json"],
    [["--flow"], "--flow needs a value"],
    [["--flow", "--json"], "--flow needs a value"],
    [["--json=yes"], "--json takes no value"],
  ])("refuses %j", (args, message) => {
    expect(() => readArguments(args, NAMES)).toThrow(message);
  });

  it("takes a value that begins with a dash after an equals sign", () => {
    expect(readArguments(["--flow=-x"], NAMES).value("flow")).toBe("-x");
  });
});

describe("onlyPositional", () => {
  it.each([
    [[], "bundle FILE is missing"],
    [["a", "b"], 'one bundle FILE only; "b" is one too many'],
  ])("refuses %j", (args, message) => {
    expect(() => onlyPositional(readArguments(args, NAMES), "bundle FILE")).toThrow(message);
  });
});

describe("requiredValue", () => {
  it("says what the missing option is for", () => {
    const args = readArguments([], NAMES);
    expect(() => requiredValue(args, "flow", "one of a, b")).toThrow(
      "--flow is missing: one of a, b",
    );
  });
});
