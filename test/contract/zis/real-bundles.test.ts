import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import { createJq, type Jq } from "#zis/engine/jq";
import type { Bundle } from "#zis/model/bundle";
import { inkeepAutoresponder } from "../../fixtures/zis/real-bundles/inkeep-autoresponder.ts";
import { mergedTicketTranscript } from "../../fixtures/zis/real-bundles/merged-ticket-transcript.ts";
import { zendeskDemoRedact } from "../../fixtures/zis/real-bundles/zendesk-demo-redact.ts";
import { zendeskDemoSlack } from "../../fixtures/zis/real-bundles/zendesk-demo-slack.ts";
import { zendeskDocsHelloWorld } from "../../fixtures/zis/real-bundles/zendesk-docs-hello-world.ts";
import { zwmTicketSplit } from "../../fixtures/zis/real-bundles/zwm-ticket-split.ts";
import { playBundle } from "../../support/play-bundle.ts";
import { caughtBy, reachableStates, statesVisited, stateOfPointer } from "./flow-coverage.ts";

const data = process.env["CASEQA_SHARED_DATA"];
const required = process.env["REQUIRE_SERVICES"] === "1";

if (data === undefined && !required) {
  console.warn(
    "SKIPPED: the six real bundles are not run; set CASEQA_SHARED_DATA to the folder of zis-bundles/.",
  );
}

const cases = [
  inkeepAutoresponder,
  mergedTicketTranscript,
  zendeskDemoRedact,
  zendeskDemoSlack,
  zendeskDocsHelloWorld,
  zwmTicketSplit,
];

let jq: Jq;
beforeAll(() => {
  jq = createJq();
});
afterAll(() => jq.close());

/** Throws where the folder is required and not named: a skip would hide that nothing was run. */
function bundleText(name: string): string {
  if (data === undefined)
    throw new Error("CASEQA_SHARED_DATA must name the folder of zis-bundles/");
  return readFileSync(join(data, "zis-bundles", `${name}.json`), "utf8");
}

describe.skipIf(data === undefined && !required)("the real bundles", () => {
  it("are all run", () => {
    const folder = join(data ?? "", "zis-bundles");
    const there = readdirSync(folder).filter((file) => file.endsWith(".json"));
    expect(cases.map(({ bundle }) => `${bundle}.json`).sort()).toEqual(there.sort());
  });

  describe.each(cases)("$bundle", (bundleCase) => {
    it.each(bundleCase.runs)("$title", async ({ title: _title, expect: expected, ...run }) => {
      const bundle = JSON.parse(bundleText(bundleCase.bundle)) as Bundle;
      expect(await playBundle(bundle, bundleCase, run, jq)).toMatchObject(expected);
    });

    it("is visited whole: every state that can be reached, and every Catch", async () => {
      const bundle = JSON.parse(bundleText(bundleCase.bundle)) as Bundle;
      const visited = new Set<string>();
      const caught = new Set<string>();
      for (const run of bundleCase.runs) {
        const played = await playBundle(bundle, bundleCase, run, jq);
        for (const state of statesVisited(played.trace)) visited.add(state);
        for (const state of caughtBy(played.steps)) caught.add(state);
      }
      const reachable = reachableStates(bundle);
      expect([...visited].sort()).toEqual(reachable.states);
      expect([...caught].sort()).toEqual(reachable.withCatch);
    });

    it("has exactly the unreachable states that the check reports", () => {
      const text = bundleText(bundleCase.bundle);
      const reported = checkText(text)
        .findings.filter(({ rule }) => rule === "unreachable-state")
        .map(({ path }) => stateOfPointer(path));
      expect(reported.sort()).toEqual(bundleCase.unreachable.toSorted());
      const { states, all } = reachableStates(JSON.parse(text) as Bundle);
      expect(all.filter((state) => !states.includes(state))).toEqual(reported);
    });
  });
});
