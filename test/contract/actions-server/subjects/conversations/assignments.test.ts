/** Does the store know who works on a ticket, whatever the order of events and captures? */
import type { Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#platform/db/schema";
import { associate } from "#subjects/agents/associate";
import { createRecordAssignment } from "#subjects/conversations/assignments";
import { upsertConversation } from "#subjects/conversations/conversation-store";
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

/** An instant of the second `second` after noon. */
const at = (second: number) =>
  new Date(Date.parse("2026-11-20T12:00:00Z") + second * 1_000).toISOString().replace(".000Z", "Z");

interface Assigned {
  readonly agent: number | string | null;
  readonly group?: number | null;
  readonly second: number;
  readonly key: string;
}

async function record(ticketId: number, { agent, group = 70, second, key }: Assigned) {
  const work = await createRecordAssignment({ now: () => new Date(), associate })(
    { ticket_id: ticketId, agent_id: agent, group_id: group, occurred_at: at(second) },
    { account: "acme", idempotencyKey: key },
  );
  const answer = await db.transaction().execute(async (trx) => runCommit(work, trx));
  return (answer ?? work.answer).current;
}

/** A conversation as Zendesk had it at this second, assigned to this agent; `held` delays the commit. */
async function capture(ticketId: number, agent: number, second: number, held?: Promise<void>) {
  const ticket = {
    id: ticketId,
    assignee_id: agent,
    updated_at: at(second),
  };
  await db.transaction().execute(async (trx) => {
    await upsertConversation(trx, "acme", {
      conversation: conversationOf(ticketWithUsers(ticket)),
      caseId: undefined,
      observedAt: new Date(),
      capturedAt: new Date(),
    });
    await held;
  });
}

const stored = async (ticketId: number) => {
  const row = await db
    .selectFrom("qa_conversations")
    .select(["assignee_id", "group_id", "captures"])
    .where("ticket_id", "=", String(ticketId))
    .executeTakeFirst();
  return row && [row.assignee_id, row.group_id, row.captures];
};

const events = (ticketId: number) =>
  db
    .selectFrom("qa_assignments")
    .selectAll()
    .where("ticket_id", "=", String(ticketId))
    .orderBy("occurred_at")
    .execute();

describe("recordAssignment", () => {
  it("records an event once, with agent and group, or nobody", async () => {
    expect(await record(1, { agent: 61, second: 0, key: "S:1" })).toBe(true);
    expect(await record(1, { agent: 61, second: 0, key: "S:1" })).toBe(true);
    expect(await record(1, { agent: null, group: null, second: 1, key: "T:1" })).toBe(true);
    expect(await events(1)).toEqual([
      expect.objectContaining({
        account_id: "acme",
        agent_id: "61",
        group_id: "70",
        occurred_at: new Date(at(0)),
      }),
      expect.objectContaining({ agent_id: null, group_id: null, event_key: "T:1" }),
    ]);
    expect(await stored(1)).toBeUndefined();
  });

  it("gives the stored conversation the new agent, and counts no capture", async () => {
    await capture(2, 6, 0);
    await record(2, { agent: "62", group: 71, second: 5, key: "S:1" });
    expect(await stored(2)).toEqual(["62", "71", 1]);
    await record(2, { agent: null, group: 71, second: 6, key: "T:1" });
    expect(await stored(2)).toEqual([null, "71", 1]);
  });

  it("never goes back to an earlier assignment", async () => {
    await capture(3, 6, 0);
    expect(await record(3, { agent: 62, second: 9, key: "S:1" })).toBe(true);
    expect(await record(3, { agent: 61, second: 8, key: "T:1" })).toBe(false);
    expect(await stored(3)).toEqual(["62", "70", 1]);
    expect(await events(3)).toHaveLength(2);
  });

  it.each([
    [["S:2", "S:10"], "10"],
    [["S:10", "S:2"], "10"],
    [["S:2", "S:3", "S:10", "S:4"], "10"],
  ])("ends at the last of one second's events when they come as %j", async (keys, agent) => {
    const ticketId = 100 + keys.length * 10 + Number(keys[0]?.slice(2));
    await capture(ticketId, 6, 0);
    for (const key of keys) await record(ticketId, { agent: key.slice(2), second: 5, key });
    expect(await stored(ticketId)).toEqual([agent, "70", 1]);
  });

  it("does not overrule a newer state of the ticket", async () => {
    await capture(4, 6, 10);
    expect(await record(4, { agent: 61, second: 9, key: "S:1" })).toBe(true);
    expect(await stored(4)).toEqual(["6", "7", 1]);
  });

  it("is not overruled by a state that is older, or of the same second", async () => {
    await record(5, { agent: 62, second: 5, key: "S:1" });
    await capture(5, 6, 4);
    expect(await stored(5)).toEqual(["62", "70", 1]);
    await capture(5, 6, 5);
    expect(await stored(5)).toEqual(["62", "70", 2]);
    await capture(5, 6, 6);
    expect(await stored(5)).toEqual(["6", "7", 3]);
  });

  it.each([
    ["before", ["S:2", "sweep:7:x"]],
    ["after", ["sweep:7:x", "S:2"]],
    ["before and after", ["S:2", "sweep:7:x", "S:2", "sweep:7:x"]],
  ])("is one row with what a sweep recorded, the event %s it", async (when, keys) => {
    const ticketId = 200 + when.length;
    for (const key of keys) await record(ticketId, { agent: 61, second: 5, key });
    expect((await events(ticketId)).map((row) => row.event_key)).toEqual(["S:2"]);
  });

  it("stays another one than what a sweep recorded of another time or agent", async () => {
    await record(210, { agent: 61, second: 5, key: "sweep:210:x" });
    await record(210, { agent: 61, second: 4, key: "S:1" });
    await record(210, { agent: 62, second: 5, key: "S:2" });
    expect(await events(210)).toHaveLength(3);
  });

  it("keeps accounts apart", async () => {
    await capture(6, 6, 0);
    const work = await createRecordAssignment({ now: () => new Date(), associate })(
      { ticket_id: 6, agent_id: 99, group_id: null, occurred_at: at(9) },
      { account: "globex", idempotencyKey: "S:1" },
    );
    await db.transaction().execute(async (trx) => runCommit(work, trx));
    expect(await stored(6)).toEqual(["6", "7", 1]);
  });

  it("waits for a first capture that is not committed yet", async () => {
    const gate = Promise.withResolvers<void>();
    const capturing = capture(9, 6, 4, gate.promise);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const recording = record(9, { agent: 62, second: 5, key: "S:1" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    gate.resolve();
    await Promise.all([capturing, recording]);
    expect(await stored(9)).toEqual(["62", "70", 1]);
  });

  it("ends at the latest of many at once, captures among them", async () => {
    const jobs = Array.from({ length: 30 }, (_, index) => (index * 7) % 30).map((second) =>
      second % 3 === 0
        ? capture(7, 6, second)
        : record(7, { agent: second, second, key: `S${second}:1` }),
    );
    await Promise.all(jobs);
    expect(await stored(7)).toEqual(["29", "70", 10]);
    expect(await events(7)).toHaveLength(20);
  });

  const recordAt = (occurred_at: string) =>
    createRecordAssignment({ now: () => new Date("2026-11-20T12:00:00Z"), associate })(
      { ticket_id: 8, agent_id: 1, group_id: null, occurred_at },
      { account: "acme", idempotencyKey: "S:1" },
    );

  it.each([
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-11-20T99:99:99Z",
    "2026-11-20T..Z",
  ])("refuses %s, which is not a date that exists", async (occurred_at) => {
    await expect(recordAt(occurred_at)).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: "body.occurred_at is not a date that exists",
    });
  });

  it("refuses what is more than a day in the future: it would be the latest for good", async () => {
    await expect(recordAt("2026-11-21T12:00:01Z")).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: "body.occurred_at is more than a day in the future",
    });
    expect(await recordAt("2026-11-21T12:00:00Z")).toMatchObject({
      answer: { outcome: "recorded" },
    });
  });
});
