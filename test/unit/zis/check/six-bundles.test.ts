import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";

const data = process.env["CASEQA_SHARED_DATA"];
const required = process.env["REQUIRE_SERVICES"] === "1";

if (data === undefined && !required) {
  console.warn("SKIPPED: the six real bundles are not checked, CASEQA_SHARED_DATA is not set.");
}

/** For each bundle the rules that must report something, with how often; and the bound on transitions. */
const EXPECTED: readonly (readonly [string, Record<string, number>, number])[] = [
  ["zendesk_docs_hello_world", {}, 1],
  ["zendesk_demo_slack", { "action-name": 2 }, 5],
  // Four states, then a Map of at most 100 iterations of three states.
  ["zendesk_demo_redact", { "action-name": 1, "near-limit": 2 }, 305],
  [
    "inkeep_autoresponder",
    { "action-name": 1, "no-result-path": 1, "url-without-connection": 1 },
    1,
  ],
  [
    "merged_ticket_transcript",
    {
      "action-name": 4,
      "unreachable-state": 1,
      "url-without-connection": 1,
      // Three steps for debugging post all data, the tokens among them.
      "credential-leaves": 3,
    },
    16,
  ],
  [
    "zwm_ticket_split",
    {
      "action-name": 8,
      "unreachable-state": 6,
      "no-result-path": 1,
      "literal-path": 1,
      "is-present-null": 1,
      "map-empty": 1,
      "near-limit": 2,
      // The flow copies a token into the items of a Map whose results a message shows.
      "secret-in-message": 1,
      "url-without-connection": 1,
    },
    1741,
  ],
];

describe.skipIf(data === undefined && !required)("the six real bundles", () => {
  beforeAll(() => {
    if (data === undefined)
      throw new Error("CASEQA_SHARED_DATA must name the folder of shared data.");
  });

  it.each(EXPECTED)(
    "%s has exactly the known warnings, and no errors but Maps without a cap",
    (name, rules, transitions) => {
      const text = readFileSync(join(data ?? "", "zis-bundles", `${name}.json`), "utf8");
      const { findings, bounds } = checkText(text);
      const errors = findings.filter(({ severity }) => severity === "error");
      expect(errors.filter(({ rule }) => rule !== "near-limit")).toEqual([]);
      const counts = Object.fromEntries(
        [...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, list]) => [rule, list.length]),
      );
      expect(counts).toEqual(rules);
      expect(bounds.map((bound) => bound.transitions.max)).toEqual([transitions]);
      expect(bounds.map((bound) => typeof bound.seconds.max)).toEqual(["number"]);
    },
  );
});
