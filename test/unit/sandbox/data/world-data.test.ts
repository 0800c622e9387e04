import { describe, expect, it } from "vitest";
import { toId18 } from "#sandbox/salesforce/ids";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import { buildWorldData } from "#sandbox/data/world-data";

const world = buildWorldData({ seed: 7, tickets: 300 });
const { tickets, agents, endUsers, groups } = world.zendesk;
const comments = tickets.flatMap((ticket) => ticket.comments);
const bodies = comments.map((comment) => comment.body);
const cases = world.salesforce.Case;

describe("the sample world", () => {
  it("is the same for the same seed", () => {
    expect(buildWorldData({ seed: 7, tickets: 300 })).toEqual(world);
  });

  it("differs for another seed", () => {
    const other = buildWorldData({ seed: 8, tickets: 300 });
    expect(other.zendesk.tickets[0]).not.toEqual(tickets[0]);
  });

  it("has as many tickets as asked for, numbered from 1001", () => {
    expect(tickets.map((ticket) => ticket.id)).toEqual(
      Array.from({ length: 300 }, (_, index) => 1001 + index),
    );
  });

  it("holds forty agents, each in a group of the account", () => {
    const groupIds = new Set(groups.map((group) => group.id));
    expect(agents).toHaveLength(40);
    expect(agents.filter((agent) => !groupIds.has(agent.default_group_id ?? 0))).toEqual([]);
    expect(agents[0]?.role).toBe("admin");
  });

  it("gives every ticket 2 to 12 comments in the order of time, the first by its requester", () => {
    for (const ticket of tickets) {
      const times = ticket.comments.map((comment) => comment.created_at);
      expect(ticket.comments.length).toBeGreaterThanOrEqual(2);
      expect(ticket.comments.length).toBeLessThanOrEqual(12);
      expect(times).toEqual(times.toSorted());
      expect(ticket.comments[0]?.author_id).toBe(ticket.requester_id);
      expect(ticket.updated_at).toBe(times.at(-1));
    }
  });

  it("refers only to people who exist", () => {
    const known = new Set([...agents, ...endUsers].map((user) => user.id));
    const named = tickets.flatMap((ticket) => [
      ticket.requester_id,
      ...(ticket.assignee_id === null ? [] : [ticket.assignee_id]),
      ...ticket.comments.map((comment) => comment.author_id),
    ]);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it("never uses an id twice, and none that JSON numbers cannot hold", () => {
    const ids = [
      ...tickets,
      ...agents,
      ...endUsers,
      ...groups,
      ...comments,
      ...comments.flatMap((comment) => comment.attachments),
      ...comments.map((comment) => ({ id: comment.audit_id })),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !Number.isSafeInteger(id))).toEqual([]);
  });

  it("leaves no slot of a text unfilled", () => {
    const texts = [...bodies, ...tickets.map((ticket) => ticket.subject)];
    expect(texts.filter((text) => /\{\w+\}/.test(text))).toEqual([]);
  });

  it.each([
    ["an empty body", (body: string) => body === ""],
    ["a very long body", (body: string) => body.length > 20_000],
    ["a quoted reply", (body: string) => /^> /m.test(body)],
    ["Arabic", (body: string) => /\p{Script=Arabic}/u.test(body)],
    ["Hebrew", (body: string) => /\p{Script=Hebrew}/u.test(body)],
    ["Japanese", (body: string) => /\p{Script=Hiragana}/u.test(body)],
    ["an emoji", (body: string) => /\p{Extended_Pictographic}/u.test(body)],
    ["an apostrophe in a name", (body: string) => body.includes("O'Brien")],
  ])("holds %s somewhere", (_, found) => {
    expect(bodies.some(found)).toBe(true);
  });

  it("keeps every body under Zendesk's cut at 64 kB", () => {
    expect(bodies.filter((body) => Buffer.byteLength(body) > 65_536)).toEqual([]);
  });

  it("holds private notes, hand-formatted HTML and files with names in several scripts", () => {
    expect(comments.some((comment) => !comment.public)).toBe(true);
    expect(comments.some((comment) => comment.html_body !== undefined)).toBe(true);
    const files = comments.flatMap((comment) => comment.attachments.map((file) => file.file_name));
    expect(files.some((name) => /[^\x20-\x7e]/.test(name))).toBe(true);
  });

  it.each([
    [0, "tickets: expected a positive integer, got 0"],
    [2.5, "tickets: expected a positive integer, got 2.5"],
  ])("refuses %d tickets", (count, message) => {
    expect(() => buildWorldData({ seed: 1, tickets: count })).toThrow(message);
  });

  it("can be as small as one ticket", () => {
    expect(buildWorldData({ seed: 1, tickets: 1 }).truth.size).toBe(1);
  });
});

describe("the Salesforce side", () => {
  it("has 18-character ids with the right check characters, and unique numbers and ticket ids", () => {
    for (const record of Object.values(world.salesforce).flat()) {
      expect(record.Id).toHaveLength(18);
      expect(toId18(record.Id)).toBe(record.Id);
    }
    const numbers = cases.map((found) => found["CaseNumber"]);
    const ticketIds = cases.map((found) => found["Zendesk_Ticket_Id__c"]).filter(Boolean);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(new Set(ticketIds).size).toBe(ticketIds.length);
    expect(numbers.filter((number) => !/^\d{8}$/.test(String(number)))).toEqual([]);
  });

  it("writes some addresses in other letters than Zendesk does", () => {
    const exact = new Set(endUsers.map((user) => user.email));
    const lower = new Set(endUsers.map((user) => user.email?.toLowerCase()));
    const differing = cases
      .flatMap((found) => [found["ContactEmail"], found["SuppliedEmail"]])
      .filter((email): email is string => typeof email === "string")
      .filter((email) => !exact.has(email) && lower.has(email.toLowerCase()));
    expect(differing.length).toBeGreaterThan(5);
  });
});

describe("the truth", () => {
  const outcomes = [...world.truth.values()];
  const share = (outcome: string) =>
    outcomes.filter((truth) => truth.outcome === outcome).length / outcomes.length;

  it("has half of the tickets matched, 15 in 100 ambiguous and the rest without a case", () => {
    expect(share("matched")).toBeCloseTo(0.5, 2);
    expect(share("ambiguous")).toBeCloseTo(0.15, 2);
    expect(share("none")).toBeCloseTo(0.35, 2);
  });

  it.each(["case_number", "external_id", "requester_email"])("has tickets matched by %s", (by) => {
    const matched = outcomes.filter((truth) => truth.outcome === "matched" && truth.by === by);
    expect(matched.length).toBeGreaterThan(20);
  });

  it("lets a typed number win over a case that names the ticket", () => {
    const named = new Set(cases.map((found) => found["Zendesk_Ticket_Id__c"]));
    const outranked = [...world.truth].filter(
      ([id, truth]) => truth.outcome === "matched" && truth.by === "case_number" && named.has(id),
    );
    expect(outranked.length).toBeGreaterThan(0);
  });

  it("goes on to the next rule when the field names no case", () => {
    const typed = tickets.filter(
      ({ id, custom_fields }) =>
        custom_fields.some((field) => field.id === CASE_NUMBER_FIELD_ID && field.value !== null) &&
        JSON.stringify(world.truth.get(String(id))).includes("requester_email"),
    );
    expect(typed.length).toBeGreaterThan(0);
  });

  it("agrees with a slow look-up through all cases", () => {
    const emailOf = new Map(endUsers.map((user) => [user.id, user.email?.toLowerCase()]));
    for (const ticket of tickets) {
      const field = ticket.custom_fields.find(({ id }) => id === CASE_NUMBER_FIELD_ID)?.value;
      const number = String(field ?? "")
        .replace(/[^0-9]/g, "")
        .padStart(8, "0");
      const steps = [
        cases.filter((found) => field !== null && found["CaseNumber"] === number),
        cases.filter((found) => found["Zendesk_Ticket_Id__c"] === String(ticket.id)),
        cases.filter((found) =>
          [found["ContactEmail"], found["SuppliedEmail"]].some(
            (email) =>
              found["IsClosed"] === false &&
              typeof email === "string" &&
              email.toLowerCase() === emailOf.get(ticket.requester_id),
          ),
        ),
      ];
      const candidates = steps.find((step) => step.length > 0) ?? [];
      const truth = world.truth.get(String(ticket.id))!;
      const ids = candidates.map((found) => found.Id).toSorted();
      if (truth.outcome === "none") expect(ids).toEqual([]);
      if (truth.outcome === "matched") expect(ids).toEqual([truth.caseId]);
      if (truth.outcome === "ambiguous") expect(ids).toEqual(truth.caseIds);
    }
  });
});
