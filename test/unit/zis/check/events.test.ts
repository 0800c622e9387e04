import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import { bundleOf } from "./bundles.ts";

const SHARED = process.env["CASEQA_SHARED_DATA"];
if (SHARED === undefined) {
  console.warn("SKIPPED: CASEQA_SHARED_DATA is not set, so the reported bundles are not checked.");
}

const Z = { Z: { Type: "Succeed" } };
const T = "$.input.ticket_event.ticket";

const jobSpec = (event_type: string, event_source = "support") => ({
  type: "ZIS::JobSpec",
  properties: { name: `on_${event_type}`, event_source, event_type, flow_name: "zis:int:flow:f" },
});
const action = (requestBody: unknown) => ({
  type: "ZIS::Action::Http",
  properties: {
    name: "act",
    definition: { method: "POST", path: "/api/v2/x", connectionName: "zendesk", requestBody },
  },
});
const call = (
  Parameters: Record<string, unknown>,
  more: Record<string, unknown> = { End: true },
) => ({
  Type: "Action",
  ActionName: "zis:int:action:act",
  Parameters,
  ResultPath: "$.reply",
  ...more,
});
const jq = (expr: string, data: string, more: Record<string, unknown> = { End: true }) => ({
  Type: "Action",
  ActionName: "zis:common:transform:Jq",
  Parameters: { expr, "data.$": data },
  ResultPath: "$.made",
  ...more,
});
const choice = (condition: Record<string, unknown>, Next: string) => ({
  Type: "Choice",
  Choices: [{ ...condition, Next }],
  Default: "Z",
});
const map = (ItemsPath: string, States: Record<string, unknown>) => ({
  Type: "Map",
  ItemsPath,
  ResultPath: "$.mapped",
  Iterator: { StartAt: Object.keys(States)[0], States },
  End: true,
});

/** The rules that report something, and what they say, about a flow that these events start. */
function findings(
  states: Record<string, unknown>,
  events: readonly (string | readonly [string, string])[],
  body: unknown = {},
) {
  const specs = events.map((event, index) => [
    `j${index}`,
    typeof event === "string" ? jobSpec(event) : jobSpec(event[1], event[0]),
  ]);
  const text = bundleOf(states, { act: action(body), ...Object.fromEntries(specs) });
  const rules = ["event-member", "event-items", "event-type", "iteration-root", "impossible-path"];
  return checkText(text).findings.filter(({ rule }) => rules.includes(rule));
}

const said = (...given: Parameters<typeof findings>) =>
  findings(...given).map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`);

describe("the documented events", () => {
  it.each<[string, Record<string, unknown>, string, string, unknown?]>([
    [
      "a path in Parameters",
      { A: call({ "s.$": `${T}.subject` }) },
      "ticket.StatusChanged",
      `warning event-member: As documented, the event ticket.StatusChanged has no ${T}.subject.`,
    ],
    [
      "a misspelt member",
      { A: call({ "s.$": `${T}.requestor_id` }) },
      "ticket.TicketCreated",
      `warning event-member: As documented, the event ticket.TicketCreated has no ${T}.requestor_id; nearest: "requester_id".`,
    ],
    [
      "the event of another type",
      { A: call({ "s.$": "{{$.input.ticket_event.comment.body}}" }) },
      "ticket.StatusChanged",
      "warning event-member: As documented, the event ticket.StatusChanged has no $.input.ticket_event.comment.body.",
    ],
    [
      "the root without the event",
      { A: { Type: "Succeed", Message: "{{$.input.ticket.id}}" } },
      "ticket.TicketCreated",
      "warning event-member: As documented, the event ticket.TicketCreated has no $.input.ticket.id.",
    ],
    [
      "a Choice",
      { A: choice({ Variable: `${T}.subject`, StringEquals: "x" }, "Z"), ...Z },
      "ticket.TicketCreated",
      `warning event-member: As documented, the event ticket.TicketCreated has no ${T}.subject: the comparison never matches.`,
    ],
    [
      "what an action reads of a part that it is given",
      { A: call({ "t.$": T }) },
      "ticket.TicketCreated",
      'warning event-member: As documented, the event ticket.TicketCreated has no $.t.custom_fields, which action "act" reads of these Parameters.',
      { "f.$": "$.t.custom_fields" },
    ],
    [
      "what jq has copied",
      {
        A: jq("{t: .ticket_event.ticket}", "$.input", { Next: "B" }),
        B: call({ "s.$": "$.made.t.subject" }),
      },
      "ticket.TicketCreated",
      "warning event-member: As documented, the event ticket.TicketCreated has no $.made.t.subject.",
    ],
    [
      "what jq reads",
      { A: jq('.ticket_event.ticket.subject // ""', "$.input") },
      "ticket.TicketCreated",
      "warning event-member: As documented, the event ticket.TicketCreated has no input.ticket_event.ticket.subject: this program reads null there.",
    ],
    [
      "a user event",
      { A: call({ "s.$": "$.input.user_event.user.phone" }) },
      "user.UserCreated",
      "warning event-member: As documented, the event user.UserCreated has no $.input.user_event.user.phone.",
    ],
    [
      "a sequence of a custom object's event",
      { A: call({ "s.$": "$.input.custom_object_event.meta.sequence.id" }) },
      "customobject.CustomObjectRecordCreated",
      "warning event-member: As documented, the event customobject.CustomObjectRecordCreated has no $.input.custom_object_event.meta.sequence.id.",
    ],
    [
      "a Map over its list of texts",
      { A: map(`${T}.tags`, { I: { Type: "Pass", End: true } }) },
      "ticket.TicketCreated",
      `warning event-items: ${T}.tags is a list of texts, but a Map repeats over objects only: the Map fails.`,
    ],
    [
      "a Map over an object",
      { A: map(T, { I: { Type: "Pass", End: true } }) },
      "ticket.TicketCreated",
      `warning event-items: ${T} is an object, not a list: the Map fails.`,
    ],
  ])("are compared with %s", (_title, states, event, message, body) => {
    expect(said(states, [event], body)).toEqual([message]);
  });

  it("a remedy fits what the Map repeats over", () => {
    const hintOf = (path: string) =>
      findings({ A: map(path, { I: { Type: "Pass", End: true } }) }, ["ticket.TicketCreated"])[0]
        ?.hint;
    expect(hintOf(`${T}.tags`)).toMatch(/Make objects with Jq/);
    expect(hintOf(T)).toBe("Name a list of objects.");
  });

  it.each<[string, Record<string, unknown>, readonly (string | readonly [string, string])[]]>([
    [
      "documented members",
      {
        A: call({
          "a.$": `${T}.via.channel`,
          "b.$": `${T}.tags[0]`,
          "c.$": "$.input.ticket_event.meta.sequence.id",
        }),
      },
      ["ticket.TicketCreated"],
    ],
    [
      "a comment",
      { A: call({ "a.$": "$.input.ticket_event.comment.author.is_staff" }) },
      ["ticket.CommentAdded"],
    ],
    [
      "events whose extra members are only inferred",
      { A: call({ "a.$": "$.input.ticket_event.users_added[0]" }) },
      ["ticket.CcsChanged"],
    ],
    [
      "what may be anything: a custom field's value",
      { A: map("$.input.ticket_event.current", { I: { Type: "Pass", End: true } }) },
      ["ticket.CustomFieldChanged"],
    ],
    [
      "fields of a custom object",
      {
        A: call({
          "a.$": "$.input.custom_object_event.custom_object_record.custom_object_fields.color",
        }),
      },
      ["customobject.CustomObjectRecordChanged"],
    ],
    [
      "a test with IsPresent",
      {
        A: choice({ Variable: `${T}.subject`, IsPresent: true }, "B"),
        B: call({ "s.$": `${T}.subject` }),
        ...Z,
      },
      ["ticket.TicketCreated"],
    ],
    [
      "what the flow has written itself",
      {
        A: { Type: "Pass", Result: "x", ResultPath: `${T}.subject`, Next: "B" },
        B: call({ "s.$": `${T}.subject` }),
      },
      ["ticket.TicketCreated"],
    ],
    [
      "what one of two ways has written",
      {
        A: choice({ Variable: `${T}.id`, NumericEquals: 1 }, "B"),
        B: { Type: "Pass", Result: "x", ResultPath: `${T}.subject`, Next: "Z" },
        Z: call({ "s.$": `${T}.subject` }),
      },
      ["ticket.TicketCreated"],
    ],
    [
      "an input that was replaced",
      {
        A: jq("with_entries(.)", "$", { ResultPath: "$.input", Next: "B" }),
        B: call({ "s.$": "$.input.anything" }),
      },
      ["ticket.TicketCreated"],
    ],
    ["inbound webhooks", { A: call({ "s.$": "$.input.anything" }) }, [["crm", "changed"]]],
    [
      "a webhook beside an event",
      { A: call({ "s.$": `${T}.subject` }) },
      ["ticket.TicketCreated", ["crm", "changed"]],
    ],
    ["a flow without a job spec", { A: call({ "s.$": "$.input.anything" }) }, []],
    [
      "a member that every event has",
      { A: call({ "s.$": "$.input.ticket_event.current" }) },
      ["ticket.StatusChanged", "ticket.PriorityChanged"],
    ],
    [
      "a look at the type",
      {
        A: choice({ Variable: "$.input.ticket_event.type", StringEquals: "Comment Created" }, "B"),
        B: call({ "s.$": "$.input.ticket_event.comment.body" }),
        ...Z,
      },
      ["ticket.TicketCreated", "ticket.CommentAdded"],
    ],
    [
      "a look at what only one has",
      {
        A: choice({ Variable: "$.input.ticket_event.comment", IsPresent: true }, "B"),
        B: call({ "s.$": "$.input.ticket_event.comment.body" }),
        ...Z,
      },
      ["ticket.TicketCreated", "ticket.CommentAdded"],
    ],
  ])("report nothing for %s", (_title, states, events) => {
    expect(said(states, events)).toEqual([]);
  });

  it("are distinguished when several start one flow", () => {
    const states = { A: call({ "s.$": "$.input.ticket_event.comment.body" }) };
    expect(said(states, ["ticket.CommentAdded", "ticket.TicketCreated"])).toEqual([
      "warning event-member: As documented, the event ticket.TicketCreated, which starts this flow too, has no $.input.ticket_event.comment.body.",
    ]);
  });
});

describe("the source of an event", () => {
  it.each([
    [
      "zendesk",
      "ticket.TicketCreated",
      'The source of "ticket.TicketCreated" is "support", not "zendesk".',
    ],
    [
      "Support",
      "ticket.Anything",
      'The source of Zendesk\'s own events is "support", not "Support".',
    ],
  ])("%s is wrong for %s", (source, type, message) => {
    expect(said({ A: { Type: "Succeed" } }, [[source, type]])).toEqual([
      `warning event-type: ${message}`,
    ]);
  });

  it("is free for the events of inbound webhooks", () => {
    expect(said({ A: { Type: "Succeed" } }, [["zendesk", "public_comment"]])).toEqual([]);
  });
});

describe("an iteration", () => {
  const reading = (path: string) => ({ I: { ...call({ "v.$": path }), ResultPath: "$.r" } });
  const made = (expr: string, path: string, data = "$") => ({
    A: jq(expr, data, { ResultPath: "$.items", Next: "M" }),
    M: map("$.items", reading(path)),
  });

  it.each([
    ["[.ticket_event.ticket.tags[] | {tag: .}]", "$.input"],
    ['[.a[]? | select(.b > 1 and (.c | test("x"))) | {id, n: .b}]', "$"],
    [". as $m | [.a[] as $x | {id: $x.id, t: $m.input.id}]", "$"],
    ["[.a[] | {id}][0:20]", "$"],
    ["map({id: .})", "$.input"],
    ["[.a[], .b[]] | map({id})", "$"],
  ])("of items made by %s does not see the root", (expr, data) => {
    expect(findings(made(expr, "$.input.id", data), [])).toMatchObject([
      { severity: "error", rule: "impossible-path" },
    ]);
    expect(findings(made(expr, "$.connections.crm.access_token", data), [])).toMatchObject([
      { severity: "error", rule: "impossible-path" },
    ]);
  });

  it.each([
    ["[.a[]]", "$.input.id"],
    ["[.a[] | select(.x)]", "$.connections.crm.access_token"],
    [". as $m | [.a[] | .t = $m.input.t]", "$.input.t"],
    [".a | unique", "$.input.id"],
  ])("of items made by %s is not likely to see %s", (expr, path) => {
    expect(findings(made(expr, path), [])).toMatchObject([
      { severity: "warning", rule: "iteration-root" },
    ]);
  });

  it.each([
    ["[.a[] | {id, input: .x}]", "$.input.id"],
    [". as $m | [.a[] | .input = $m.input]", "$.input.id"],
    [". as $m | [.a[] | . + {connections: $m.connections}]", "$.connections.crm.access_token"],
    [". as $m | .a | map(. * {input: $m.input})", "$.input.id"],
    ["[.a[] | {id}]", "$.id"],
  ])("of items made by %s may read %s", (expr, path) => {
    expect(findings(made(expr, path), [])).toEqual([]);
  });

  it("may read what its own states have written", () => {
    const inner = {
      P: { Type: "Pass", Result: { id: 1 }, ResultPath: "$.input", Next: "I" },
      ...reading("$.input.id"),
    };
    expect(findings({ M: map("$.input.items", inner) }, [])).toEqual([]);
  });
});

describe.skipIf(SHARED === undefined)("the reported bundles", () => {
  it.each([
    ["r20", "event-member", "warning"],
    ["ev1", "event-member", "warning"],
    ["m1", "impossible-path", "error"],
  ])("%s is found by %s", (name, rule, severity) => {
    const text = readFileSync(join(SHARED ?? "", "field-reports/zis", `${name}.json`), "utf8");
    expect(checkText(text).findings).toContainEqual(expect.objectContaining({ rule, severity }));
  });
});
