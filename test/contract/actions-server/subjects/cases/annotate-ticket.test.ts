/** Are a ticket's agents notified exactly once over real HTTP, whatever gets lost on the way? */
import { describe, expect, it, onTestFinished } from "vitest";
import { annotateTicket } from "#subjects/cases/annotate-ticket";
import type { AnnotateTicketRequest } from "#contract/actions/annotate-ticket";
import { createDeadline } from "#platform/deadline";
import { startPlatforms } from "../../platforms.ts";

const TICKET = 1_001;

const tag: AnnotateTicketRequest = { ticket_id: TICKET, telling: "tag", reason: "ambiguous_case" };
const note: AnnotateTicketRequest = {
  ticket_id: TICKET,
  telling: "note",
  reason: "ambiguous_case",
  candidates: [
    { id: "500000000000001AAA", number: "00001026", subject: "A", status: "New", is_closed: false },
    { id: "500000000000002AAA", number: "00001027", subject: "B", status: null, is_closed: false },
  ],
};

/** As the stand-ins have it. */
const NOW = new Date("2026-11-25T08:00:00Z");

async function startAnnotating() {
  const platforms = await startPlatforms(3);
  const { reader, writer, findNote, zendesk } = platforms;
  const annotate = async (
    request: AnnotateTicketRequest,
    { key = "S:1", budgetMs = 5_000 }: { key?: string; budgetMs?: number } = {},
  ) => {
    const deadline = createDeadline(budgetMs);
    onTestFinished(() => deadline.clear());
    const context = { account: "acme", idempotencyKey: key, requestId: "r", deadline };
    const deps = { reader, writer, findNote, now: () => NOW };
    const { answer, commit } = await annotateTicket(deps, request, context);
    expect(commit).toBeUndefined();
    return answer;
  };
  const ticket = () => zendesk.tickets.get(String(TICKET))!;
  const notes = () => ticket().comments.filter(({ body }) => body.startsWith("CaseQA"));
  return { ...platforms, annotate, ticket, notes };
}

describe("a tag", () => {
  it("is added to those that are there, twice as once", async () => {
    const { annotate, ticket } = await startAnnotating();
    const before = ticket().tags;
    const done = { outcome: "annotated", ticket_id: String(TICKET) };
    expect(await annotate(tag)).toEqual(done);
    expect(await annotate(tag)).toEqual(done);
    await annotate({ ...tag, reason: "unknown_case_number" });
    expect(ticket().tags.toSorted()).toEqual(
      [...before, "caseqa_ambiguous_case", "caseqa_unknown_case_number"].toSorted(),
    );
  });

  it("is sent again when its answer was lost", async () => {
    const { annotate, ticket, zendesk } = await startAnnotating();
    zendesk.loseAnswer("PUT");
    expect(await annotate(tag)).toMatchObject({ outcome: "annotated" });
    expect(ticket().tags.filter((one) => one === "caseqa_ambiguous_case")).toHaveLength(1);
  });

  it.each([{ drop: "before" }, { status: 503 }] as const)(
    "is sent again after %j",
    async (fault) => {
      const { annotate, ticket, zendesk } = await startAnnotating();
      zendesk.faults.add({ method: "PUT", path: "*", times: 1, ...fault });
      expect(await annotate(tag)).toMatchObject({ outcome: "annotated" });
      expect(ticket().tags.filter((one) => one === "caseqa_ambiguous_case")).toHaveLength(1);
    },
  );
});

describe("a note", () => {
  it("is private, lists the cases, and is written once for one key", async () => {
    const { annotate, notes } = await startAnnotating();
    expect(await annotate(note)).toEqual({ outcome: "annotated", ticket_id: String(TICKET) });
    expect(await annotate(note)).toEqual({ outcome: "already_there", ticket_id: String(TICKET) });
    expect(notes()).toMatchObject([
      { public: false, body: expect.stringContaining("\n- 00001026: A (New)\n") as string },
    ]);
    expect(await annotate(note, { key: "S:2" })).toMatchObject({ outcome: "annotated" });
    expect(notes()).toHaveLength(2);
  });

  it("is not sent again when its answer was lost, and found by the next attempt", async () => {
    const { annotate, notes, zendesk } = await startAnnotating();
    zendesk.loseAnswer("PUT");
    await expect(annotate(note)).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
    expect(notes()).toHaveLength(1);
    expect(await annotate(note)).toMatchObject({ outcome: "already_there" });
    expect(notes()).toHaveLength(1);
  });

  it.each([
    { drop: "before" },
    { status: 500 },
    { status: 200, body: "<html>maintenance</html>" },
  ] as const)("is not sent again after %j, and written by the next attempt", async (fault) => {
    const { annotate, notes, zendesk } = await startAnnotating();
    zendesk.faults.add({ method: "PUT", path: "*", times: 1, ...fault });
    await expect(annotate(note)).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
    expect(notes()).toEqual([]);
    expect(await annotate(note)).toMatchObject({ outcome: "annotated" });
    expect(notes()).toHaveLength(1);
  });

  it("is sent again when Zendesk surely did nothing", async () => {
    const { annotate, notes, zendesk } = await startAnnotating();
    const busy = { status: 429, headers: { "retry-after": "0" } };
    zendesk.faults.add({ method: "PUT", path: "*", times: 1, ...busy });
    expect(await annotate(note)).toMatchObject({ outcome: "annotated" });
    zendesk.revokeTokens();
    expect(await annotate(note, { key: "S:2" })).toMatchObject({ outcome: "annotated" });
    expect(notes()).toHaveLength(2);
  });

  it("is refused for a state that is not the ticket's any more, and tried for the new one", async () => {
    const { annotate, notes, zendesk } = await startAnnotating();
    const conflict = { status: 409, body: { error: "UpdateConflict" } };
    zendesk.faults.add({ method: "PUT", path: "*", times: 2, ...conflict });
    expect(await annotate(note)).toMatchObject({ outcome: "annotated" });
    expect(notes()).toHaveLength(1);
    zendesk.faults.add({ method: "PUT", path: "*", ...conflict });
    await expect(annotate(note, { key: "S:2" })).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      message: `ticket ${TICKET} changed before every note to it`,
    });
    expect(notes()).toHaveLength(1);
  });

  it("is found among later comments", async () => {
    const { annotate, notes, writer, reader } = await startAnnotating();
    await annotate(note);
    const deadline = createDeadline(20_000);
    onTestFinished(() => deadline.clear());
    const call = { requestId: "r", deadline };
    const seen = await reader.ticket(String(TICKET), call);
    for (let count = 0; count < 20; count += 1) {
      await writer.addNote(String(TICKET), { text: "later", seenAt: seen!.ticket.updatedAt }, call);
    }
    expect(await annotate(note)).toMatchObject({ outcome: "already_there" });
    expect(notes()).toHaveLength(1);
  });

  it("gives up inside its budget", async () => {
    const { annotate, zendesk } = await startAnnotating();
    zendesk.faults.add({ path: "*", delayMs: 5_000 });
    const began = performance.now();
    await expect(annotate(note, { budgetMs: 500 })).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
    });
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});

describe("a ticket", () => {
  it.each([tag, note])("that is gone: %j", async (request) => {
    const { annotate } = await startAnnotating();
    expect(await annotate({ ...request, ticket_id: 999_999 })).toEqual({
      outcome: "ticket_not_found",
      ticket_id: "999999",
    });
  });

  it.each([tag, note])("that is closed: %j", async (request) => {
    const { annotate, ticket, notes } = await startAnnotating();
    Object.assign(ticket(), { status: "closed" });
    expect(await annotate(request)).toEqual({
      outcome: "ticket_closed",
      ticket_id: String(TICKET),
    });
    expect([ticket().tags.includes("caseqa_ambiguous_case"), notes()]).toEqual([false, []]);
  });

  it.each([tag, note])("that is closed, said under another key: %j", async (request) => {
    const { annotate, ticket, zendesk } = await startAnnotating();
    zendesk.switches.closedKey = "base";
    Object.assign(ticket(), { status: "closed" });
    expect(await annotate(request)).toMatchObject({ outcome: "ticket_closed" });
  });

  it.each([tag, note])("whose requester is suspended: %j", async (request) => {
    const { annotate, ticket, data, notes } = await startAnnotating();
    const requester = data.zendesk.endUsers.find(({ id }) => id === ticket().requester_id);
    Object.assign(requester!, { suspended: true });
    expect(await annotate(request)).toEqual({
      outcome: "requester_suspended",
      ticket_id: String(TICKET),
    });
    expect(notes()).toEqual([]);
  });

  it("that has all the comments it can have", async () => {
    const { annotate, ticket } = await startAnnotating();
    const [first] = ticket().comments;
    const many = Array.from({ length: 5_000 }, (_, id) => ({ ...first!, id: id + 1 }));
    Object.assign(ticket(), { comments: many });
    expect(await annotate(note)).toMatchObject({ outcome: "too_many_comments" });
    expect(await annotate(tag)).toMatchObject({ outcome: "annotated" });
  });

  it.each([tag, note])("that refuses the change for another reason: %j", async (request) => {
    const { annotate, zendesk } = await startAnnotating();
    const details = { base: [{ description: "Organization: is required when solving a ticket" }] };
    zendesk.faults.add({
      method: "PUT",
      path: "*",
      status: 422,
      body: { error: "RecordInvalid", description: "Record validation errors", details },
    });
    await expect(annotate(request)).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: expect.stringContaining("Organization: is required when solving") as string,
    });
  });

  it.each([tag, note])("that met another write: %j", async (request) => {
    const { annotate, zendesk } = await startAnnotating();
    const met = { status: 409, body: { error: "DatabaseConflict" } };
    zendesk.faults.add({ method: "PUT", path: "*", times: 1, ...met });
    expect(await annotate(request)).toMatchObject({ outcome: "annotated" });
  });

  it.each([tag, note])("that is seconds old and not shown yet: %j", async (request) => {
    const { annotate, zendesk, data } = await startAnnotating();
    const { id } = zendesk.agents.chat(data.zendesk.endUsers[0]!.id, [
      { by: "customer", text: "Hello?" },
    ]);
    zendesk.switches.hiddenReads = 1;
    const fresh = { ...request, ticket_id: id, occurred_at: "2026-11-25T07:59:50Z" };
    await expect(annotate(fresh)).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      retryAfterSeconds: 5,
    });
    expect(await annotate(fresh)).toMatchObject({ outcome: "annotated" });
  });

  it.each([
    [{ occurred_at: "2026-11-25T07:00:00Z" }, undefined],
    [{}, false],
  ])("that is gone, as an event of %j says it", async (when, isFinal) => {
    const { reader, writer, findNote } = await startPlatforms(1);
    const deadline = createDeadline(5_000);
    onTestFinished(() => deadline.clear());
    const work = await annotateTicket(
      { reader, writer, findNote, now: () => NOW },
      { ...note, ticket_id: 999_999, ...when },
      { account: "acme", idempotencyKey: "S:1", requestId: "r", deadline },
    );
    expect(work).toMatchObject({ answer: { outcome: "ticket_not_found" } });
    expect(work.isFinal).toBe(isFinal);
  });
});
