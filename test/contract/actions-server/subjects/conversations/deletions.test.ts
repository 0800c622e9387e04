/** Does the store hide, show and erase as its source does, whatever the order of events, captures and merges? */
import type { Kysely, Transaction } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#platform/db/schema";
import { associate } from "#subjects/agents/associate";
import { createRecordAssignment } from "#subjects/conversations/assignments";
import type { CaptureJob } from "#subjects/conversations/capture-conversation";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { mergeConversation } from "#subjects/conversations/merge";
import { recordDeletion } from "#subjects/conversations/record-deletion";
import { freshDatabase } from "#test/support/postgres";
import {
  conversationOf,
  ticketWithUsers,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { runCommit } from "../../../../support/run-commit.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const now = () => new Date("2026-11-21T12:00:00Z");
/** An instant of the second `second` after noon. */
const at = (second: number) =>
  new Date(Date.parse("2026-11-20T12:00:00Z") + second * 1_000).toISOString().replace(".000Z", "Z");

const recordAssignment = createRecordAssignment({ now, associate });

type State = "deleted" | "restored" | "erased";

const jobs: CaptureJob[] = [];
const forgotten: string[] = [];
const forgetTicket = async (_trx: Transaction<Database>, account: string, id: string) =>
  void forgotten.push(`${account} ${id}`);

/** In a transaction of its own, with the jobs that it enqueues. */
async function deletion(account: string, state: State, second: number, key = `S:${second}`) {
  const work = await recordDeletion(
    {
      now,
      enqueueCapture: async (_trx: Transaction<Database>, job) => void jobs.push(job),
      forgetTicket,
    },
    { ticket_id: 1, state, occurred_at: at(second) },
    { account, requestId: "r", idempotencyKey: key },
  );
  const answer = (await db.transaction().execute((trx) => runCommit(work, trx))) ?? work.answer;
  return [answer.state, answer.current];
}

const capture = (account: string, ticketId = 1, second = 100) =>
  db.transaction().execute((trx) =>
    upsertConversation(trx, account, {
      conversation: conversationOf(ticketWithUsers({ id: ticketId, updated_at: at(second) })),
      caseId: undefined,
      observedAt: new Date(),
      capturedAt: new Date(),
    }),
  );

async function assign(account: string, ticketIds: readonly number[], second: number) {
  const works = await Promise.all(
    ticketIds.map((ticketId) =>
      recordAssignment(
        { ticket_id: ticketId, agent_id: 7, group_id: null, occurred_at: at(second) },
        { account, idempotencyKey: `A:${ticketId}:${second}` },
      ),
    ),
  );
  const [first] = works;
  if (typeof first?.commit !== "object") return expect.fail("assignments are batched");
  const { all } = first.commit;
  const items = works.map(({ commit }) => (typeof commit === "object" ? commit.item : undefined));
  const answers = await db.transaction().execute((trx) => all(trx, items));
  return (answers as { current: boolean }[]).map(({ current }) => current);
}

async function merge(account: string, ticketId: number, targetId: number) {
  const work = await mergeConversation(
    { now, associate },
    { ticket_id: ticketId, target_ticket_id: targetId },
    { account },
  );
  return db.transaction().execute((trx) => runCommit(work, trx));
}

/** When the conversation was hidden; undefined: it is not stored. */
async function hidden(account: string): Promise<string | null | undefined> {
  const row = await db
    .selectFrom("qa_conversations")
    .select("deleted_at")
    .where("account_id", "=", account)
    .where("ticket_id", "=", "1")
    .executeTakeFirst();
  return row && (row.deleted_at?.toISOString().replace(".000Z", "Z") ?? null);
}

const TABLES = [
  "qa_conversations",
  "qa_messages",
  "qa_events",
  "qa_assignments",
  "qa_merges",
] as const;

/** The tables that hold anything of the ticket. */
async function kept(account: string, ticketId = "1"): Promise<string[]> {
  const found: string[] = [];
  for (const table of TABLES) {
    const rows = await db
      .selectFrom(table)
      .select("account_id")
      .where("account_id", "=", account)
      .where("ticket_id", "=", ticketId)
      .execute();
    if (rows.length > 0) found.push(table);
  }
  return found;
}

const addEvent = (account: string) =>
  db
    .insertInto("qa_events")
    .values({
      account_id: account,
      ticket_id: "1",
      occurred_at: new Date("1999-01-01T00:00:00Z"),
      event_key: "E:1",
      kind: "marked_as_spam",
      actor_id: null,
      data: JSON.stringify({}),
      recorded_at: now(),
    })
    .execute();

describe("a deleted ticket", () => {
  it("is hidden, and shown and read again when it is restored", async () => {
    await capture("plain");
    expect(await deletion("plain", "deleted", 1)).toEqual(["deleted", true]);
    expect(await hidden("plain")).toBe(at(1));
    jobs.length = 0;
    expect(await deletion("plain", "restored", 2)).toEqual(["present", true]);
    expect(await hidden("plain")).toBeNull();
    expect(jobs).toEqual([{ account: "plain", ticketId: "1", requestId: "r" }]);
  });

  it("moves to the end of the export when it is hidden or shown, not when an event comes again", async () => {
    const xid = async () =>
      (
        await db
          .selectFrom("qa_conversations")
          .select("row_xid")
          .where("account_id", "=", "moved")
          .executeTakeFirstOrThrow()
      ).row_xid;
    await capture("moved");
    const before = await xid();
    await deletion("moved", "deleted", 1);
    const after = await xid();
    expect(BigInt(after) > BigInt(before)).toBe(true);
    await deletion("moved", "deleted", 1);
    expect(await xid()).toBe(after);
  });

  it("is hidden from the start when its conversation comes later, and read by no job when nothing is stored", async () => {
    await deletion("later", "deleted", 1);
    await capture("later");
    expect(await hidden("later")).toBe(at(1));
    jobs.length = 0;
    await deletion("none", "deleted", 1);
    expect(await deletion("none", "restored", 2)).toEqual(["present", true]);
    expect(jobs).toEqual([]);
  });

  it.each([
    ["in order", [1, 2, 3]],
    ["backwards", [3, 2, 1]],
    ["the latest first", [3, 1, 2]],
  ] as const)("is as its latest event says when events come %s", async (order, seconds) => {
    await capture(order);
    const states = { 1: "deleted", 2: "restored", 3: "deleted" } as const;
    for (const second of seconds) await deletion(order, states[second], second);
    for (const second of seconds) await deletion(order, states[second], second);
    expect(await hidden(order)).toBe(at(3));
  });

  it("takes the later of two events of one update by their place in it", async () => {
    await capture("tie");
    expect(await deletion("tie", "restored", 1, "S:10")).toEqual(["present", true]);
    expect(await deletion("tie", "deleted", 1, "S:9")).toEqual(["present", false]);
    expect(await hidden("tie")).toBeNull();
  });

  it("ends right when all events come at once, twice", async () => {
    await capture("crowd");
    await Promise.all(
      [1, 2, 3, 4, 5, 5, 4, 3, 2, 1].map((second) =>
        deletion("crowd", second % 2 === 0 ? "restored" : "deleted", second),
      ),
    );
    expect(await hidden("crowd")).toBe(at(5));
  });

  it.each(["0001-01-01T00:00:00Z", "2026-11-20T11:59:59+23:59"])(
    "may have been deleted at %s",
    async (occurred_at) => {
      const work = await recordDeletion(
        { now, enqueueCapture: async () => {}, forgetTicket },
        { ticket_id: 1, state: "deleted", occurred_at },
        { account: occurred_at, requestId: "r", idempotencyKey: "k" },
      );
      await db.transaction().execute((trx) => runCommit(work, trx));
      expect(await db.transaction().execute((trx) => runCommit(work, trx))).toMatchObject({
        state: "deleted",
        current: true,
      });
    },
  );

  it.each([
    ["9999-01-01T00:00:00Z", "more than a day in the future"],
    ["2026-02-30T00:00:00Z", "not a date that exists"],
  ])("is refused with the time %s", async (occurred_at, message) => {
    await expect(
      recordDeletion(
        { now, enqueueCapture: async () => {}, forgetTicket },
        { ticket_id: 1, state: "deleted", occurred_at },
        { account: "odd", requestId: "r", idempotencyKey: "k" },
      ),
    ).rejects.toMatchObject({ code: "BAD_REQUEST", message: expect.stringContaining(message) });
  });
});

describe("an erased ticket", () => {
  it("leaves nothing but the fact that it is erased", async () => {
    await capture("erased");
    await assign("erased", [1], 1);
    await merge("erased", 1, 2);
    await addEvent("erased");
    expect(await kept("erased")).toEqual([...TABLES]);
    expect(await deletion("erased", "erased", 3)).toEqual(["erased", true]);
    expect(await kept("erased")).toEqual([]);
    expect(forgotten).toContain("erased 1");
  });

  it("stays so whatever comes late: deletions, captures, assignments, merges", async () => {
    await deletion("final", "erased", 3);
    expect(await deletion("final", "restored", 9)).toEqual(["erased", false]);
    expect(await deletion("final", "deleted", 9)).toEqual(["erased", false]);
    expect(await deletion("final", "erased", 3)).toEqual(["erased", true]);
    expect(await capture("final")).toEqual({ outcome: "erased" });
    expect(await merge("final", 1, 2)).toEqual({
      outcome: "recorded",
      ticket_id: "1",
      target_ticket_id: "2",
    });
    // The others of the batch are recorded, each with its own answer.
    expect(await assign("final", [2, 1, 3], 4)).toEqual([true, false, true]);
    expect(await kept("final")).toEqual([]);
    expect(await kept("final", "3")).toEqual(["qa_assignments"]);
  });

  it("is erased even by an event that is older than its restoration", async () => {
    await capture("old");
    await deletion("old", "restored", 9);
    expect(await deletion("old", "erased", 3)).toEqual(["erased", true]);
    expect(await kept("old")).toEqual([]);
  });

  it("breaks no chain of merges that went through it", async () => {
    for (const ticketId of [1, 5]) await capture("chain", ticketId);
    await merge("chain", 5, 1);
    await merge("chain", 1, 2);
    await deletion("chain", "erased", 3);
    await merge("chain", 2, 3);
    const row = await db
      .selectFrom("qa_conversations")
      .select("merged_into")
      .where("account_id", "=", "chain")
      .where("ticket_id", "=", "5")
      .executeTakeFirst();
    expect(row?.merged_into).toBe("3");
  });

  it("is erased for its own account only", async () => {
    await capture("ours");
    await capture("theirs");
    await deletion("theirs", "erased", 1);
    expect(await kept("ours")).toEqual(["qa_conversations", "qa_messages"]);
  });

  it("leaves nothing when captures, merges and assignments come at the same moment", async () => {
    for (let round = 0; round < 5; round += 1) {
      const account = `race-${round}`;
      await Promise.all([
        capture(account),
        assign(account, [1, 2], 1),
        merge(account, 1, 2),
        deletion(account, "deleted", 1),
        deletion(account, "erased", 2),
        deletion(account, "erased", 2),
        deletion(account, "restored", 3),
        capture(account, 1, 200),
        assign(account, [2, 1], 2),
        merge(account, 5, 1),
      ]);
      expect(await kept(account)).toEqual([]);
    }
  });
});
