import { describe, expect, it } from "vitest";
import { DEFAULT_SWITCHES, parseSwitch, SWITCHES } from "#zis/engine/switches";

describe("switches", () => {
  it.each(Object.entries(SWITCHES))(
    "%s has an allowed default and explains each value",
    (_, spec) => {
      expect(spec.allowed).toContain(spec.default);
      expect(spec.source).not.toBe("");
      for (const value of spec.allowed) expect(spec.reason).toContain(value);
    },
  );

  it("are all in the defaults", () => {
    expect(Object.keys(DEFAULT_SWITCHES)).toEqual(Object.keys(SWITCHES));
    expect(DEFAULT_SWITCHES.resultPathDefault).toBe("keep");
  });

  it("are chosen by NAME=VALUE", () => {
    expect(parseSwitch("jqOutputs=all")).toEqual({ ok: true, switches: { jqOutputs: "all" } });
  });

  it.each([
    ["jqOutput=all", 'there is no switch "jqOutput"; there are resultPathDefault,'],
    ["toString=1", 'there is no switch "toString"'],
    ["jqOutputs=some", "jqOutputs must be one of first, all, single"],
    ["jqOutputs", "jqOutputs must be one of first, all, single"],
    ["jqOutputs=all=1", "jqOutputs must be one of"],
  ])("refuse %s", (text, message) => {
    expect(parseSwitch(text)).toMatchObject({
      ok: false,
      message: expect.stringContaining(message) as string,
    });
  });
});
