/** The peers of the actions benchmark do the work that our server does: without that their figures would mean nothing. */
import type { FastifyInstance } from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { installed } from "../../bench/peers.ts";
import { openByHand } from "../../bench/peers/by-hand.ts";
import { openNodeIdempotency } from "../../bench/peers/node-idempotency.ts";
import { ACCOUNT, buildPeerApp, PATH } from "../../bench/peers/peer-app.ts";
import { freshDatabase } from "../../support/postgres.ts";
import { hasRedis, startRedis } from "../../support/redis.ts";

const TOKEN = "token-of-the-test";
const hasPeer = installed("@node-idempotency/core") !== undefined;
if (!hasPeer) {
  console.warn("@node-idempotency is not installed (npm run bench does): its tests are skipped");
}

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

interface Call {
  readonly key?: string;
  readonly ticket?: unknown;
  readonly agent?: string;
  readonly at?: string;
  readonly token?: string;
}

async function send(app: FastifyInstance, call: Call) {
  const { key = "", ticket, agent = "7", at = "2026-11-25T08:00:00Z", token = TOKEN } = call;
  const answer = await app.inject({
    method: "POST",
    url: PATH,
    headers: { authorization: `Bearer ${token}`, "idempotency-key": key },
    payload: { ticket_id: ticket, agent_id: agent, group_id: null, occurred_at: at },
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

async function rowsOf(ticket: string) {
  return database.db
    .selectFrom("qa_assignments")
    .select(["event_key", "event_order", "agent_id", "group_id"])
    .where("account_id", "=", ACCOUNT)
    .where("ticket_id", "=", ticket)
    .execute();
}

/** `tickets`: where the numbers of this peer's tickets begin. */
function describePeer(tickets: number, open: () => Promise<FastifyInstance>): void {
  let app: FastifyInstance;
  let ticket = tickets;
  beforeAll(async () => {
    app = await open();
    return () => app.close();
  });

  it("writes the row of an event and answers as our server does", async () => {
    ticket += 1;
    const answer = await send(app, { key: `event:${ticket}:3`, ticket });
    expect(answer).toEqual({
      status: 200,
      body: { outcome: "recorded", ticket_id: String(ticket), current: true },
    });
    expect(await rowsOf(String(ticket))).toEqual([
      {
        event_key: `event:${ticket}:3`,
        event_order: `event:${ticket}:0000000000000000003`,
        agent_id: "7",
        group_id: null,
      },
    ]);
  });

  it("does the work of a key once and repeats its answer", async () => {
    ticket += 1;
    const call = { key: `again:${ticket}`, ticket };
    const first = await send(app, call);
    await send(app, { key: `later:${ticket}`, ticket, at: "2026-11-25T09:00:00Z" });
    expect(await send(app, call)).toEqual(first);
    expect(await rowsOf(String(ticket))).toHaveLength(2);
  });

  it("does the work of a key once for twenty requests at once", async () => {
    ticket += 1;
    const call = { key: `at-once:${ticket}`, ticket };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(app, call)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.status).toBe(200);
    expect(await rowsOf(String(ticket))).toHaveLength(1);
  });

  it("tells an event that is not the latest, and leaves the stored conversation at the latest", async () => {
    ticket += 1;
    await database.db
      .insertInto("qa_conversations")
      .values({
        account_id: ACCOUNT,
        ticket_id: String(ticket),
        status: "open",
        tags: [],
        custom_fields: "[]",
        created_at: new Date("2026-11-24T00:00:00Z"),
        source_updated_at: new Date("2026-11-24T00:00:00Z"),
        observed_at: new Date("2026-11-24T00:00:00Z"),
        captured_at: new Date("2026-11-24T00:00:00Z"),
        captures: 1,
        message_count: 0,
      })
      .execute();
    await send(app, { key: `new:${ticket}`, ticket, agent: "8", at: "2026-11-25T09:00:00Z" });
    const late = await send(app, { key: `old:${ticket}`, ticket, agent: "9" });
    expect(late.body["current"]).toBe(false);
    const stored = await database.db
      .selectFrom("qa_conversations")
      .select("assignee_id")
      .where("ticket_id", "=", String(ticket))
      .execute();
    expect(stored).toEqual([{ assignee_id: "8" }]);
  });

  it("refuses a key that was used for another request", async () => {
    ticket += 1;
    const key = `used:${ticket}`;
    await send(app, { key, ticket });
    expect((await send(app, { key, ticket: ticket + 500 })).status).toBe(422);
    expect(await rowsOf(String(ticket + 500))).toEqual([]);
  });

  it.each([
    [401, { key: "k", ticket: 1, token: "wrong" }],
    [400, { key: "k", ticket: "one" }],
    [400, { key: "k", ticket: 1, at: "2026-02-30T08:00:00Z" }],
    [400, { ticket: 1 }],
  ])("refuses with %d: %j", async (status, call) => {
    expect((await send(app, call)).status).toBe(status);
    expect(await rowsOf("1")).toEqual([]);
  });
}

describe("by hand", () => {
  describePeer(1_000, async () => buildPeerApp(TOKEN, await openByHand(database.pool)));
});

describe.skipIf(!hasPeer || !hasRedis)("@node-idempotency", () => {
  describePeer(2_000, async () => {
    const redis = await startRedis();
    const { perform, close } = await openNodeIdempotency(database.pool, redis.url);
    return buildPeerApp(TOKEN, perform).addHook("onClose", async () => {
      await close();
      await redis.stop();
    });
  });
});
