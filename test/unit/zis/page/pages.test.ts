import { describe, expect, it } from "vitest";
import type { FlowDefinition } from "#zis/model/flow";
import { firePage } from "#zis/page/fire-page";
import { flowPage } from "#zis/page/flow-page";
import type { Html } from "#zis/page/html";
import { document } from "#zis/page/layout";
import { createLinks } from "#zis/page/links";
import { logPage } from "#zis/page/log-page";
import { overviewPage } from "#zis/page/overview-page";
import { runPage } from "#zis/page/run-page";
import type { RunDetails } from "#zis/services/runs";
import { runsPage } from "#zis/page/runs-page";

/** Breaks out of any text or attribute that is not escaped. */
const EVIL = `"'><img src=x>&`;
const links = createLinks("/page");

const definition = {
  StartAt: EVIL,
  States: { [EVIL]: { Type: "Pass", Result: 1, ResultPath: "$.a", End: true } },
} as FlowDefinition;
const bundle = {
  name: EVIL,
  zis_template_version: "2019-10-14",
  resources: { f: { type: "ZIS::Flow", properties: { name: EVIL, definition } } },
} as const;
const jobSpec = {
  name: EVIL,
  integration: "acme",
  event_source: EVIL,
  event_type: EVIL,
  flow_name: `zis:acme:flow:${EVIL}`,
  installed: false,
};
const run: RunDetails = {
  id: EVIL,
  integration: "acme",
  flow: EVIL,
  job_spec: EVIL,
  event_source: EVIL,
  event_type: EVIL,
  status: "FAILED",
  message: EVIL,
  attempts: 1,
  transitions: 1,
  virtual_ms: 1234,
  accepted_at: "2026-05-04T10:00:00.000Z",
  ended_at: "2026-05-04T10:00:01.000Z",
  input: { [EVIL]: EVIL },
  data: EVIL,
  error: { state: EVIL, name: EVIL, cause: EVIL },
  warnings: [],
  steps: [
    {
      state: EVIL,
      type: "Pass",
      iterations: [0, 2],
      input: { same: 1, gone: 1 },
      output: { same: 1, a: EVIL },
      result: EVIL,
      next: EVIL,
      error: { name: EVIL, cause: EVIL },
      warnings: [EVIL],
    },
  ],
  requests: [
    {
      action: EVIL,
      method: "GET",
      url: EVIL,
      headers: { [EVIL]: EVIL },
      body: EVIL,
      status: null,
      replayed: false,
      problem: EVIL,
      elapsedMs: 1,
    },
  ],
};
const entry = {
  id: 1,
  time: run.ended_at,
  product: EVIL,
  status: "error",
  description: EVIL,
  details: { a: EVIL },
} as const;
const integration = { name: "acme", description: EVIL, bundles: [bundle], jobSpecs: [jobSpec] };
const fields = { event_source: EVIL, event_type: EVIL, input: `</textarea>${EVIL}`, copies: EVIL };
const flow = { name: EVIL, definition };

const PAGES: readonly (readonly [string, Html])[] = [
  ["overview", overviewPage({ integrations: [integration], runs: [run] }, links)],
  [
    "flow",
    flowPage(
      { integration: "acme", bundle, flow, jobSpecs: [jobSpec], runs: [run], withRetries: true },
      links,
    ),
  ],
  [
    "runs",
    runsPage(
      { runs: [run], flows: [EVIL], flow: EVIL, status: EVIL, queued: 1, more: true },
      links,
    ),
  ],
  ["run", runPage({ run, flow, log: [entry], withRetries: false }, links)],
  [
    "fire",
    firePage(
      {
        jobSpecs: [jobSpec],
        chosen: EVIL,
        fields,
        problems: [{ field: "input", message: EVIL }],
        startedNothing: true,
      },
      links,
    ),
  ],
  ["log", logPage([entry], links)],
];

describe.each(PAGES)("the page %s", (_name, main) => {
  const text = document(links, EVIL, {
    title: EVIL,
    section: "runs",
    isSectionItself: false,
    main,
    endedRuns: undefined,
  });

  it("shows hostile data as text", () => {
    expect(text).not.toContain("<img src=x>");
    expect(text).not.toContain('</textarea>"');
    expect(text).toContain("&lt;img src=x&gt;");
  });

  it("has one first heading, captions for its tables, and links below the prefix only", () => {
    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text.match(/<caption/g) ?? []).toHaveLength(text.match(/<table/g)?.length ?? 0);
    const targets = [...text.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(
      ([, target]) => target!,
    );
    expect(targets.filter((target) => !/^(\/page\/|#)/.test(target))).toEqual([]);
  });
});

describe("the page of a run", () => {
  it("tells which members a state changed, and which item of a Map it worked on", () => {
    const text = runPage({ run, flow, log: [], withRetries: false }, links).text;
    expect(text).toContain("Changed: $.gone, $.a");
    expect(text).toContain("item 1, 3");
  });

  it("says how a run that lacks a connection is mended", () => {
    const message = 'Cannot start flow because the connection named "crm" does not exist';
    const notStarted: RunDetails = {
      ...run,
      status: "NOT_STARTED",
      message,
      error: null,
      steps: [],
    };
    const text = runPage({ run: notStarted, flow, log: [], withRetries: false }, links).text;
    expect(text).toContain("/api/services/zis/integrations/acme/connections/bearer_token");
    expect(text).not.toContain("The data at the end");
  });

  it("does without the picture of a flow that is gone", () => {
    const text = runPage({ run, flow: undefined, log: [], withRetries: false }, links).text;
    expect(text).toContain("The flow is gone.");
    expect(text).not.toContain("<svg");
  });
});

describe("a page with nothing on it", () => {
  const fire = { chosen: undefined, fields, problems: [], startedNothing: false };
  it.each<[string, Html, string]>([
    ["integrations", overviewPage({ integrations: [], runs: [] }, links), "zis serve --bundle"],
    [
      "bundles",
      overviewPage(
        { integrations: [{ ...integration, bundles: [], jobSpecs: [] }], runs: [] },
        links,
      ),
      "/api/services/zis/registry/acme/bundles",
    ],
    [
      "job specs",
      overviewPage({ integrations: [{ ...integration, jobSpecs: [] }], runs: [] }, links),
      "ZIS::JobSpec",
    ],
    [
      "runs",
      runsPage(
        { runs: [], flows: [], flow: undefined, status: undefined, queued: undefined, more: false },
        links,
      ),
      "Fire an event",
    ],
    [
      "matching runs",
      runsPage(
        { runs: [], flows: [], flow: "a", status: undefined, queued: undefined, more: false },
        links,
      ),
      "Show all runs",
    ],
    ["log", logPage([], links), "fire an event"],
    ["job specs to fire for", firePage({ ...fire, jobSpecs: [] }, links), "ZIS::JobSpec"],
  ])("says what to do without %s", (_name, main, text) => {
    expect(main.text).toContain(text);
  });
});
