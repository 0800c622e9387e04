/** Is every capture stored, promised or refused, and a promise kept once Zendesk answers again? */
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import { prepareCapture, type CaptureJob } from "#subjects/conversations/capture-conversation";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { finishCapture } from "#subjects/conversations/finish-capture";
import type { Conversation, ZendeskReader } from "#remotes/zendesk/reader";
import { freshDatabase } from "#test/support/postgres";
import {
  commentRow,
  conversationOf,
  ticketWithUsers,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { runCommit } from "../../../../support/run-commit.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const CASE = "5005g00000AbCdEAAV";
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const conversation = (ticketId: number): Conversation =>
  conversationOf(ticketWithUsers({ id: ticketId }), [commentRow(1), commentRow(2)]);

/** Zendesk that gives these answers. */
const zendeskThat = (answer: ZendeskReader["conversation"]): ZendeskReader => ({
  conversation: answer,
  ticket: async (ticketId) => conversation(Number(ticketId)),
});

const busy = new AppError("ZENDESK_UNAVAILABLE", "429", { retryAfterSeconds: 30 });

function startCapture(
  answer: ZendeskReader["conversation"],
  budgetMs = 5_000,
  unwanted: string | null = null,
) {
  const deadline = createDeadline(budgetMs);
  onTestFinished(() => deadline.clear());
  const jobs: CaptureJob[] = [];
  const delays: (number | undefined)[] = [];
  const noted: unknown[] = [];
  const deps = {
    zendesk: zendeskThat(answer),
    store: upsertConversation,
    enqueueCapture: async (_trx: unknown, job: CaptureJob, afterSeconds?: number) => {
      jobs.push(job);
      delays.push(afterSeconds);
    },
    whyUnwanted: async () => unwanted,
    noteReading: ({ skipped, unreadable }: Conversation) => void noted.push([skipped, unreadable]),
    now: () => new Date("2026-11-25T08:00:00Z"),
  };
  const context = { account: "acme", requestId: "request-1", deadline, log: silent };
  return {
    jobs,
    delays,
    noted,
    prepare: (request: Parameters<typeof prepareCapture>[1]) =>
      prepareCapture(deps, request, context),
    deadline,
  };
}

const conversations = (ticketId: number) =>
  db
    .selectFrom("qa_conversations")
    .select(["captures", "case_id", "message_count", "skipped_rows"])
    .where("ticket_id", "=", String(ticketId))
    .execute();

describe("prepareCapture", () => {
  it("asks Zendesk for nothing that the settings do not want, unless nobody asked them", async () => {
    const { prepare } = startCapture(async () => conversation(90), 5_000, "the rule");
    expect(await prepare({ ticket_id: 90, on: "closed" })).toEqual({
      answer: { outcome: "not_wanted", ticket_id: "90", reason: "the rule" },
    });
    expect((await prepare({ ticket_id: 90 })).answer).toMatchObject({ outcome: "captured" });
  });

  it("stores in the transaction of the record, and says how much", async () => {
    const { prepare } = startCapture(async () => conversation(1));

    const work = await prepare({ ticket_id: 1, case_id: CASE });
    expect(await conversations(1)).toEqual([]);
    const answer = await db.transaction().execute(async (trx) => runCommit(work, trx));

    expect(answer).toEqual({
      outcome: "captured",
      ticket_id: "1",
      messages: 2,
      skipped: 0,
      participants: 1,
      newest: true,
    });
    expect(await conversations(1)).toEqual([
      { captures: 1, case_id: CASE, message_count: 2, skipped_rows: 0 },
    ]);
  });

  it("says so when the store held a newer state", async () => {
    const newer = { ...conversation(2) };
    const { prepare } = startCapture(async () => ({
      ...newer,
      ticket: { ...newer.ticket, updatedAt: new Date("2026-12-01T00:00:00Z") },
    }));
    const late = await startCapture(async () => conversation(2)).prepare({ ticket_id: "2" });
    const first = await prepare({ ticket_id: "2" });
    await db.transaction().execute(async (trx) => runCommit(first, trx));
    expect(await db.transaction().execute(async (trx) => runCommit(late, trx))).toMatchObject({
      outcome: "captured",
      newest: false,
    });
  });

  it("stores nothing for a ticket that is not there", async () => {
    const { prepare } = startCapture(async () => undefined);
    expect(await prepare({ ticket_id: 3, occurred_at: "2026-11-25T07:57:00Z" })).toEqual({
      answer: { outcome: "ticket_not_found", ticket_id: "3" },
    });
  });

  it.each([
    ["seconds ago", { occurred_at: "2026-11-25T07:59:55Z" }],
    ["at a time that an older bundle does not say", {}],
    ["at no time", { occurred_at: null }],
    ["at a time that does not exist", { occurred_at: "2026-02-30T00:00:00Z" }],
  ])("promises to look once more for a ticket of an event %s", async (_when, event) => {
    const { prepare, jobs, delays } = startCapture(async () => undefined);
    const work = await prepare({ ticket_id: 3, case_id: CASE, ...event });
    expect(work.answer).toEqual({ outcome: "accepted", ticket_id: "3" });
    await db.transaction().execute(async (trx) => runCommit(work, trx));
    expect(jobs).toEqual([
      { account: "acme", ticketId: "3", requestId: "request-1", caseId: CASE },
    ]);
    expect(delays).toEqual([60]);
  });

  it("stores nothing of what it cannot read, says why, and records no answer", async () => {
    const { prepare, noted } = startCapture(async () => ({
      ...conversation(3),
      unreadable: "why",
    }));
    expect(await prepare({ ticket_id: 3 })).toEqual({
      answer: { outcome: "conversation_unreadable", ticket_id: "3", reason: "why" },
      isFinal: false,
    });
    expect(noted).toEqual([[0, "why"]]);
  });

  it("counts what could not be kept, in the answer and beside the conversation", async () => {
    const { prepare, noted } = startCapture(async () =>
      conversationOf(ticketWithUsers({ id: 30 }), [commentRow(1), commentRow("x")]),
    );
    const work = await prepare({ ticket_id: 30 });
    const answer = await db.transaction().execute(async (trx) => runCommit(work, trx));
    expect(answer).toMatchObject({ outcome: "captured", messages: 1, skipped: 1 });
    expect(noted).toEqual([[1, undefined]]);
    expect(await conversations(30)).toMatchObject([{ message_count: 1, skipped_rows: 1 }]);
  });

  it.each([
    [{ ticket_id: 4 }, {}],
    [{ ticket_id: "4", case_id: null }, { caseId: null }],
    [{ ticket_id: 4, case_id: CASE }, { caseId: CASE }],
  ])("promises what Zendesk does not give now: %j", async (request, known) => {
    const { prepare, jobs } = startCapture(async () => {
      throw busy;
    });
    const work = await prepare(request);
    expect(work.answer).toEqual({ outcome: "accepted", ticket_id: "4" });
    expect(jobs).toEqual([]);
    await db.transaction().execute(async (trx) => runCommit(work, trx));
    expect(jobs).toEqual([{ account: "acme", ticketId: "4", requestId: "request-1", ...known }]);
  });

  it("leaves time to record the promise", async () => {
    const { prepare, deadline } = startCapture((_id, call) => {
      return new Promise((_resolve, reject) => {
        call.deadline.signal.addEventListener("abort", () => reject(busy));
      });
    }, 2_000);
    expect((await prepare({ ticket_id: 5 })).answer.outcome).toBe("accepted");
    expect(deadline.remainingMs()).toBeGreaterThan(1_000);
  });

  it.each([
    ["a refusal", new AppError("ZENDESK_REFUSED", "401")],
    ["a fault of ours", new TypeError("x")],
  ])("does not turn %s into a promise", async (_what, error) => {
    const { prepare } = startCapture(async () => {
      throw error;
    });
    await expect(prepare({ ticket_id: 6 })).rejects.toBe(error);
  });
});

const finish = (answer: ZendeskReader["conversation"], job: Partial<CaptureJob> = {}) =>
  finishCapture(
    {
      db,
      zendesk: zendeskThat(answer),
      store: upsertConversation,
      noteReading: () => {},
      now: () => new Date(),
      log: silent,
    },
    { account: "acme", ticketId: "10", requestId: "request-1", ...job },
  );

describe("finishCapture", () => {
  it("keeps the promise, and once more changes nothing but the count", async () => {
    await finish(async () => conversation(10), { caseId: CASE });
    expect(await conversations(10)).toEqual([
      { captures: 1, case_id: CASE, message_count: 2, skipped_rows: 0 },
    ]);
    await finish(async () => conversation(10), { caseId: CASE });
    expect(await conversations(10)).toEqual([
      { captures: 2, case_id: CASE, message_count: 2, skipped_rows: 0 },
    ]);
  });

  it("throws while Zendesk pushes back, so that the queue tries again", async () => {
    await expect(
      finish(async () => {
        throw busy;
      }),
    ).rejects.toBe(busy);
  });

  it("fails for a conversation that cannot be read, so that it ends among the dead letters", async () => {
    const unreadable = { ...conversation(12), unreadable: "the scope is missing" };
    await expect(finish(async () => unreadable, { ticketId: "12" })).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: "ticket 12: the scope is missing",
    });
    expect(await conversations(12)).toEqual([]);
  });

  it("ends without a trace when the ticket is gone", async () => {
    await finish(async () => undefined, { ticketId: "11" });
    expect(await conversations(11)).toEqual([]);
  });
});
