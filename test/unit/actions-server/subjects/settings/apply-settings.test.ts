/** Which settings come into force? */
import { describe, expect, it } from "vitest";
import { decideApply } from "#subjects/settings/apply-settings";

describe("decideApply", () => {
  it.each([
    ["the first ever", { revision: 1, fingerprint: "a" }, undefined, "applied"],
    [
      "a newer revision",
      { revision: 3, fingerprint: "b" },
      { revision: 2, fingerprint: "a" },
      "applied",
    ],
    [
      "a newer revision of equal content",
      { revision: 3, fingerprint: "a" },
      { revision: 2, fingerprint: "a" },
      "applied",
    ],
    [
      "the same again",
      { revision: 2, fingerprint: "a" },
      { revision: 2, fingerprint: "a" },
      "unchanged",
    ],
    [
      "another save of the same revision",
      { revision: 2, fingerprint: "b" },
      { revision: 2, fingerprint: "a" },
      "applied",
    ],
    [
      "an older revision",
      { revision: 1, fingerprint: "b" },
      { revision: 2, fingerprint: "a" },
      "outdated",
    ],
  ] as const)("decides on %s", (_what, candidate, inForce, outcome) => {
    expect(decideApply(candidate, inForce)).toBe(outcome);
  });
});
