/** Does the preview judge a ticket as the flows do, and list each thing that they would do? */
import fc from "fast-check";
import { typedCaseNumber, whyLeftAlone } from "#contract/settings/ticket-rules";
import { afterAll, describe, expect, it } from "vitest";
import { decidePreview, type LookUp } from "#subjects/cases/decide-preview";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import type { ZendeskTicket } from "#remotes/zendesk/rows";
import { ignoreRules } from "#bundle/builders/ticket-event";
import { succeed } from "#bundle/builders/states";
import { createJq } from "#zis/engine/jq";
import type { Json } from "#zis/model/json";
import { runStates } from "#test/support/run-states";

const jq = createJq();
afterAll(() => jq.close());
const NEVER = new AbortController().signal;

const CASE = "500000000000001AAA";
const summary = { id: CASE, number: "00001", subject: null, status: null, is_closed: false };
const matched: LookUp = {
  outcome: "matched",
  ticket_id: "12",
  case_id: CASE,
  matched_by: "external_id",
  case: summary,
};
const ambiguous: LookUp = {
  outcome: "ambiguous",
  ticket_id: "12",
  case_id: null,
  matched_by: "requester_email",
  candidates: [summary, { ...summary, id: "500000000000002AAA" }],
  more: false,
};
const none: LookUp = {
  outcome: "none",
  ticket_id: "12",
  case_id: null,
  reason: "no_candidate",
};

const ticket: ZendeskTicket = {
  id: "12",
  subject: "Help",
  status: "open",
  channel: "web",
  requesterId: "1",
  assigneeId: "2",
  groupId: "3",
  brandId: "4",
  organizationId: undefined,
  formId: "5",
  tags: ["vip"],
  customFields: [{ id: "77", value: "00001" }],
  isFromMessaging: false,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  generatedAt: undefined,
};
const settings = (changes: Partial<Settings> = {}): Settings => ({
  ...DEFAULT_SETTINGS,
  ...changes,
});

/** The verdict of the flows' own states, run by the engine. */
async function verdictOfFlow(rules: Settings, judged: ZendeskTicket): Promise<string | null> {
  const states = {
    ...ignoreRules({ next: "Counts" }).states("Apply the rules"),
    ...succeed({ why: "It counts.", message: "counts" }).states("Counts"),
  };
  const { formId, brandId, groupId, tags } = judged;
  const event: Json = {
    tags: [...tags],
    form_id: formId === undefined ? null : Number(formId),
    brand_id: brandId === undefined ? null : Number(brandId),
    group_id: groupId === undefined ? null : Number(groupId),
  };
  const data = {
    settings: JSON.parse(JSON.stringify(rules)) as Json,
    ticket: { id: judged.id },
    input: { ticket_event: { ticket: event } },
  };
  const run = await runStates(states, data, {
    perform: async (effect) => {
      if (effect.kind !== "jq") throw new Error("the rules call nothing");
      return jq.perform(effect, NEVER);
    },
  });
  const { why } = (run.data as { rules: { why: string } }).rules;
  return why === "" ? null : why;
}

const id = fc.integer({ min: 1, max: 4 });
const ids = fc.array(fc.oneof(id, id.map(String)), { maxLength: 3 });
const tag = fc.constantFrom("a", "b", "vip", "bulk_import");
const optionalId = fc.option(id.map(String), { nil: undefined });

describe("whyLeftAlone", () => {
  it("gives the same verdict as the flows, whatever the settings and the ticket", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          enabled: fc.boolean(),
          ignore_tags: fc.array(tag, { maxLength: 3 }),
          forms: ids,
          brands: ids,
          groups: ids,
        }),
        fc.record({
          tags: fc.array(tag, { maxLength: 3 }),
          formId: optionalId,
          brandId: optionalId,
          groupId: optionalId,
        }),
        async (rules, judged) => {
          const wanted = settings(rules);
          const one = { ...ticket, ...judged };
          expect(whyLeftAlone(wanted, one)).toBe(await verdictOfFlow(wanted, one));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("typedCaseNumber", () => {
  it.each([
    [null, "00001", undefined],
    [77, "00001", "00001"],
    ["77", 1, "1"],
    [77, "  ", undefined],
    [77, null, undefined],
    [77, ["x"], undefined],
    [78, "00001", undefined],
  ])("with the field %j and the value %j is %j", (fieldId, value, typed) => {
    const wanted = settings({ case_number_field_id: fieldId });
    expect(typedCaseNumber(wanted, { ...ticket, customFields: [{ id: "77", value }] })).toBe(typed);
  });
});

describe("decidePreview", () => {
  const would = (changes: Partial<Settings>, lookUp: LookUp, byNumber?: LookUp) =>
    decidePreview({
      account: "acme",
      settings: settings({ capture_on_solved: false, record_assignments: false, ...changes }),
      ticket,
      lookUp,
      byNumber,
    });

  it("links to the one case, and ends other links where the settings say so", () => {
    expect(would({}, matched)).toMatchObject({
      look_up: "matched",
      case_id: CASE,
      would: ["Link it to case 00001.", "End its link to another case, if it has one."],
    });
    expect(would({ one_case_per_ticket: false }, matched).would).toEqual([
      "Link it to case 00001.",
    ]);
  });

  it("notifies agents in the way of the settings, never of two things at once", () => {
    expect(would({ on_ambiguous: "tag" }, ambiguous).would).toEqual([
      "Tag it: several cases may belong to it.",
    ]);
    expect(would({ on_ambiguous: "nothing" }, ambiguous).would).toEqual([]);
    expect(would({ on_unknown_number: "note" }, none, none).would).toEqual([
      "Write its agents a private comment: no case has its case number.",
    ]);
    expect(would({}, { ...ambiguous }, ambiguous).would).toHaveLength(1);
    expect(would({}, none).would).toEqual([]);
  });

  it("says when Salesforce does not answer, and why it refuses", () => {
    expect(would({}, { outcome: "unavailable", refusal: undefined }).would).toEqual([
      "Look again later: Salesforce does not answer now.",
    ]);
    expect(would({}, { outcome: "unavailable", refusal: "no such field" }).would).toEqual([
      "Nothing about its case: no such field.",
    ]);
  });

  it("reviews as the settings say", () => {
    const review = { capture_on_solved: true, record_assignments: true };
    expect(would(review, none).would).toEqual([
      "Record who works on it.",
      "Store its conversation when it is solved.",
    ]);
    const solved = { ...ticket, status: "solved", assigneeId: undefined, groupId: undefined };
    expect(
      decidePreview({
        account: "acme",
        settings: settings(),
        ticket: solved,
        lookUp: none,
        byNumber: undefined,
      }).would,
    ).toEqual(["Store its conversation."]);
  });
});
