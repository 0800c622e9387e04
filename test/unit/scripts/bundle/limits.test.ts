import { describe, expect, it } from "vitest";
import { limitsJson, limitsMarkdown, limitsOf, limitsTable } from "#scripts/bundle/limits";

const bounds = [{ flow: "f", transitions: { max: 50 }, seconds: { max: 69 } }];
const observed = {
  f: { runs: 2, transitions: { max: 41, when: "x fails" }, seconds: { max: 66, when: "y fails" } },
};

describe("limits", () => {
  it("are the bounds with their share beside the observed maxima", () => {
    expect(limitsOf(bounds, observed)).toEqual([
      {
        flow: "f",
        transitions: { max: 50, share: 0.2, observed: 41, when: "x fails" },
        seconds: { max: 69, share: 0.69, observed: 66, when: "y fails" },
      },
    ]);
  });

  it.each([
    ["a flow that was not observed", bounds, {}, "The flow f was not observed"],
    [
      "a run beyond the bound",
      [{ flow: "f", transitions: { max: 40 }, seconds: { max: 69 } }],
      observed,
      "f took 41 transitions (x fails), more than the bound of 40.",
    ],
    [
      "a flow without a bound",
      [{ flow: "f", transitions: { max: null, why: "A loop." }, seconds: { max: null } }],
      observed,
      "The transitions of f have no bound: A loop.",
    ],
  ])("are refused for %s", (_what, given, seen, message) => {
    expect(() => limitsOf(given, seen)).toThrow(message);
  });

  it("are a table for people and JSON for programs, with what the proof reckons with", () => {
    const limits = limitsOf(bounds, observed);
    expect(limitsTable(limits).split("\n")).toEqual([
      "flow  transitions  of 250  observed  seconds  of 100  observed",
      "f              50    20 %        41       69    69 %        66",
      "",
    ]);
    expect(limitsMarkdown(limits, { act: 6 })).toContain(
      "| [`f`](README.md#f) | 50 | 20 % | 41 | 69 | 69 % | 66 |",
    );
    expect(limitsMarkdown(limits, { act: 6 })).toContain("| `act` | 6 |");
    expect(JSON.parse(limitsJson(limits, { act: 6 }))).toEqual({
      limits: { transitions: 250, seconds: 100 },
      ceilings: { built_in_seconds: 2, jq_seconds: 1, actions: { act: 6 } },
      flows: limits,
    });
  });
});
