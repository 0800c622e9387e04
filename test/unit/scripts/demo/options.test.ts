import { describe, expect, it } from "vitest";
import { readOptions } from "#scripts/demo/options";

describe("the demo's options", () => {
  it("have defaults", () => {
    expect(readOptions([])).toEqual({
      json: false,
      seed: 7,
      tickets: 300,
      keep: false,
      sabotage: undefined,
    });
  });

  it.each([
    [["--seed", "x"], '--seed takes a whole number from 0 to 4294967295, not "x".'],
    [["--seed", "1.5"], 'not "1.5"'],
    [["--tickets", "0"], '--tickets takes a whole number from 1 to 5000, not "0".'],
    [["--tickets", "5001"], 'not "5001"'],
    [
      ["--sabotage", "all"],
      '--sabotage is one of no-idempotency, drop-event, double-link, not "all".',
    ],
    [["--colour"], "--colour"],
    [["stray"], "stray"],
  ])("refuse %j", (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
