/** Is exactly what an event did not bring judged missed or stale, under the settings in force? */
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { judge, type KnownTicket } from "#subjects/sweep/judge";
import { ticketWithUsers } from "../../remotes/zendesk/ticket-samples.ts";

type Row = Parameters<typeof ticketWithUsers>[0];

const ticketOf = (row: Row = {}) => ticketWithUsers(row).ticket;
const solved = ticketOf();
const UNKNOWN: KnownTicket = {
  conversation: undefined,
  assignment: undefined,
  lookUp: undefined,
  awaitsCapture: false,
  awaitsLink: false,
};
const later = (ms: number) => new Date(solved.updatedAt.getTime() + ms);
const unixSeconds = (time: Date) => time.getTime() / 1_000;
const stored: NonNullable<KnownTicket["conversation"]> = {
  status: "solved",
  tags: ["vip"],
  customFields: [],
  assigneeId: "6",
  groupId: "7",
  updatedAt: solved.updatedAt,
  subject: "Parcel never came",
  requesterId: "5",
  organizationId: null,
  brandId: "8",
  formId: "9",
  deletedAt: null,
};
const assignment = { agentId: "6", groupId: "7", occurredAt: solved.updatedAt };
const ALL: KnownTicket = {
  ...UNKNOWN,
  conversation: stored,
  assignment,
  lookUp: { caseId: null, typedNumber: null, lookedAt: later(5_000) },
};
const WELL = {
  conversation: undefined,
  assignment: undefined,
  deletion: undefined,
  lookUp: undefined,
};

const judged = (known: Partial<KnownTicket>, row: Row = {}, settings = {}) =>
  judge({ ...DEFAULT_SETTINGS, ...settings }, ticketOf(row), { ...ALL, ...known }, "acme");

describe("judge", () => {
  it("finds nothing where every event came", () => expect(judged({})).toEqual(WELL));

  it("misses all of a solved ticket of which nothing is known", () => {
    expect(judge(DEFAULT_SETTINGS, solved, UNKNOWN, "acme")).toEqual({
      conversation: "missed",
      assignment: "missed",
      deletion: undefined,
      lookUp: "all",
    });
  });

  it.each([
    ["switched off", { enabled: false }],
    ["an ignored tag", { ignore_tags: ["vip"] }],
    ["another group", { groups: [99] }],
  ])("leaves a ticket alone that the flows leave alone: %s", (_, settings) => {
    const all = { ...DEFAULT_SETTINGS, ...settings };
    expect(judge(all, solved, UNKNOWN, "acme")).toEqual(WELL);
  });

  it.each([["SOLVED"], ["Closed"]])("takes %s for a status of its own kind", (status) =>
    expect(judged({ conversation: undefined }, { status }).conversation).toBe("missed"),
  );

  it("asks for no capture and no assignment that the settings do not want", () => {
    const known = { conversation: undefined, assignment: undefined };
    const settings = { capture_on_solved: false, record_assignments: false };
    expect(judged(known, {}, settings)).toEqual(WELL);
  });

  it.each([["open"], ["pending"], ["new"]])(
    "wants no conversation of a ticket that is %s",
    (status) =>
      expect(judged({ conversation: undefined }, { status }).conversation).toBeUndefined(),
  );

  it.each<[string, Partial<typeof stored>, string | undefined]>([
    ["an older state", { updatedAt: new Date(0) }, "stale"],
    ["other tags at the same time", { tags: [] }, "stale"],
    ["another status at the same time", { status: "open" }, "stale"],
    ["a newer state than the page's", { updatedAt: later(1_000), tags: [] }, undefined],
  ])("compares what is stored: %s", (_, change, expected) => {
    for (const generated_timestamp of [undefined, 0, unixSeconds(later(9_000))]) {
      const known = { conversation: { ...stored, ...change } };
      expect(judged(known, { generated_timestamp }).conversation).toBe(expected);
    }
  });

  it("waits for jobs that were promised to events", () => {
    const known = { conversation: undefined, lookUp: undefined };
    expect(judged({ ...known, awaitsCapture: true, awaitsLink: true })).toEqual(WELL);
  });

  it.each<[string, Partial<typeof assignment>, string | undefined]>([
    ["another agent", { agentId: "1" }, "stale"],
    ["another agent, later than the page", { agentId: "1", occurredAt: later(1_000) }, undefined],
    ["another agent in the same second", { agentId: "1", occurredAt: later(0) }, "stale"],
  ])("compares who works on it: %s", (_, change, expected) => {
    for (const generated_timestamp of [undefined, 0, unixSeconds(later(9_000))]) {
      const known = { assignment: { ...assignment, ...change } };
      expect(judged(known, { generated_timestamp }).assignment).toBe(expected);
    }
  });

  it("misses no assignment of a ticket that nobody ever had", () => {
    const row = { assignee_id: null, group_id: null };
    expect(judged({ assignment: undefined }, row).assignment).toBeUndefined();
  });

  it("looks a typed number up that came after the last look-up, as its flow does", () => {
    const settings = { case_number_field_id: 77 };
    const typed = { custom_fields: [{ id: 77, value: "00001" }] };
    const looked = (ms: number, typedNumber: string | null = null) => ({
      lookUp: { caseId: null, typedNumber, lookedAt: later(ms) },
    });
    expect(judged(looked(-1_000), typed, settings).lookUp).toBe("number");
    expect(judged(looked(999), typed, settings).lookUp).toBe("number");
    expect(judged(looked(1_000), typed, settings).lookUp).toBeUndefined();
    expect(judged(looked(-1_000), {}, settings).lookUp).toBeUndefined();
    expect(judged(looked(-1_000, "00002"), typed, settings).lookUp).toBe("number");
    expect(judged(looked(-1_000, "00001"), typed, settings).lookUp).toBeUndefined();
  });

  it("looks a number up that an automation typed, which moves generated_timestamp alone", () => {
    const settings = { case_number_field_id: 77 };
    const typed = {
      custom_fields: [{ id: 77, value: "00001" }],
      generated_timestamp: unixSeconds(later(60_000)),
    };
    const looked = (typedNumber: string | null) => ({
      lookUp: { caseId: null, typedNumber, lookedAt: later(5_000) },
    });
    expect(judged(looked(null), typed, settings).lookUp).toBe("number");
    expect(judged(looked("00002"), typed, settings).lookUp).toBe("number");
    expect(judged(looked("00001"), typed, settings).lookUp).toBeUndefined();
  });

  it("finds what is shown of a deleted ticket, and nothing else of it", () => {
    const row = { status: "deleted" };
    expect(judged({ assignment: undefined }, row)).toEqual({ ...WELL, deletion: "deleted" });
    const hidden = { conversation: { ...stored, deletedAt: later(0) } };
    expect(judged(hidden, row)).toEqual(WELL);
    expect(judge(DEFAULT_SETTINGS, ticketOf(row), UNKNOWN, "acme")).toEqual(WELL);
  });

  it.each<[string, object]>([
    ["the requester, by a merge of people", { requesterId: "4" }],
    ["the subject", { subject: "Parcel" }],
    ["the organization", { organizationId: "1" }],
    ["the brand", { brandId: "1" }],
    ["the form", { formId: null }],
  ])("finds stale what differs in %s, though no clock of the ticket moved", (_, change) => {
    expect(judged({ conversation: { ...stored, ...change } }).conversation).toBe("stale");
  });

  it.each([
    [-60_000, "restored"],
    [500, "restored"],
    [1_000, undefined],
    [60_000, undefined],
  ])("of a ticket deleted %i ms after its state finds it %s", (ms, deletion) => {
    const hidden = { conversation: { ...stored, deletedAt: later(ms) } };
    expect(judged(hidden).deletion).toBe(deletion);
  });
});
