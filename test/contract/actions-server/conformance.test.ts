/**
 * The HTTP scenarios of idemkit's conformance suite (github.com/idemkit/idemkit, spec/conformance.yaml; titles begin with
 * their names there), and the faults that its peers were seen to have, on Postgres alone and with Redis beside it.
 */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { AppError } from "#platform/errors";
import type { ActionHandlers } from "#platform/http/handlers";
import { toFingerprint } from "#platform/idempotency/fingerprint";
import { createRedisAnswers } from "#platform/idempotency/redis-answers";
import { createPostgresStore } from "#platform/idempotency/postgres-store";
import { createRunOnce } from "#platform/idempotency/run-once";
import { createWakeUps } from "#platform/idempotency/wake-ups";
import type { Redis } from "#platform/redis/connection";
import { freshDatabase } from "../../support/postgres.ts";
import { hasRedis, startRedis, type RedisServer } from "../../support/redis.ts";
import { connectRedis } from "../../support/redis-client.ts";
import { silentLog } from "../../support/silent-log.ts";
import { CAPTURE, GLOBEX, newKey, post, startEdge } from "./platform/http/edge.ts";

const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const LINK = "/v1/actions/request-link";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  await sql`create table effects (key text not null)`.execute(database.db);
  // Records of the keys in this table cannot be completed.
  await sql`create table unwritable (key text not null)`.execute(database.db);
  await sql`
    create function refuse() returns trigger language plpgsql as $$
    begin
      if new.state = 'completed' and exists (select from unwritable where key = new.key) then
        raise exception 'the record cannot be written';
      end if;
      return new;
    end $$`.execute(database.db);
  await sql`
    create trigger refuse before update on idempotency_records
    for each row execute function refuse()`.execute(database.db);
});

/** What a link's transaction does before it commits. */
let inTransaction: (() => Promise<void>) | undefined;

/** A server whose captures leave an effect and tell in `messages` which run it was; `before` is done first. */
async function setUp(redis: Redis | undefined, before: (run: number) => Promise<void>) {
  let movedMs = 0;
  const now = () => new Date(Date.parse("2026-11-25T08:00:00Z") + movedMs);
  const store = createPostgresStore(database.db);
  const runOnce = createRunOnce({
    store,
    now,
    random: () => 0.5,
    log: silentLog,
    leaseMs: LEASE_MS,
    hotAnswers: redis && createRedisAnswers(redis, now),
    wakeUps: createWakeUps(redis),
  });
  const key = newKey();
  let runs = 0;
  const actions: Partial<ActionHandlers> = {
    "capture-conversation": async ({ ticket_id }, { account, idempotencyKey }) => {
      runs += 1;
      const messages = runs;
      await before(messages);
      const ticketId = `${account}:${ticket_id}`;
      return {
        answer: {
          outcome: "captured",
          ticket_id: ticketId,
          messages,
          skipped: 0,
          participants: 0,
          newest: true,
        },
        commit: async (trx) => {
          await sql`insert into effects (key) values (${idempotencyKey})`.execute(trx);
        },
      };
    },
    "request-link": async ({ ticket_id }) => {
      runs += 1;
      await before(runs);
      return {
        answer: { outcome: "accepted", ticket_id: String(ticket_id) },
        commit: async () => inTransaction?.(),
      };
    },
  };
  const { app } = await startEdge({ runOnce, actions });
  const lease = (ttlMs: number) => new Date(now().getTime() + ttlMs);
  return {
    app,
    key,
    store,
    runs: () => runs,
    move: (ms: number) => void (movedMs += ms),
    send: async (
      body: object = { ticket_id: 7 },
      headers: Record<string, string> = {},
      url = CAPTURE,
    ) => {
      const reply = await post(app, url, body, { "idempotency-key": key, ...headers });
      const { statusCode: status, headers: sent } = reply;
      const replayed = sent["idempotency-replayed"] === "true";
      return { status, replayed, body: reply.body, headers: sent, code: readCode(reply.body) };
    },
    effects: async () => {
      const found = await sql`select 1 from effects where key = ${key}`.execute(database.db);
      return found.rows.length;
    },
    /** What a server leaves that claimed the key and died. */
    crashAfterClaim: () =>
      store.claim(
        { account: "acme", operation: "capture-conversation", key },
        {
          fingerprint: toFingerprint({ ticket_id: 7 }, ["ticket_id"]),
          leaseUntil: lease(LEASE_MS),
          expiresAt: lease(30 * DAY_MS),
        },
      ),
    refuseRecord: async (refused: boolean) => {
      if (refused) await sql`insert into unwritable (key) values (${key})`.execute(database.db);
      else await sql`delete from unwritable where key = ${key}`.execute(database.db);
    },
  };
}

function readCode(body: string): unknown {
  const { error } = JSON.parse(body) as { error?: { code?: unknown } };
  return error?.code;
}

function createGate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe.each([{ beside: "alone" }, { beside: "with Redis" }])("Postgres $beside", ({ beside }) => {
  const withRedis = beside === "with Redis";
  let server: RedisServer | undefined;
  let redis: Redis | undefined;

  beforeAll(async () => {
    if (!withRedis || !hasRedis) return;
    server = await startRedis();
    redis = await connectRedis(server.url);
  });
  afterAll(async () => {
    await redis?.close();
    await server?.stop();
  });

  const start = (before: (run: number) => Promise<void> = async () => {}) => setUp(redis, before);

  describe.skipIf(withRedis && !hasRedis)("idemkit's HTTP scenarios", () => {
    it("basic-replay: a second delivery gets the first answer, marked", async () => {
      const { send, runs } = await start();
      const first = await send();
      const second = await send();
      expect(first).toMatchObject({ status: 200, replayed: false });
      expect(second).toMatchObject({ status: 200, replayed: true, body: first.body });
      expect(runs()).toBe(1);
    });

    it("payload-mismatch: another request under the key is refused with 422", async () => {
      const { send, runs } = await start();
      const first = await send();
      const other = await send({ ticket_id: 8 });
      expect(other).toMatchObject({ status: 422, code: "IDEMPOTENCY_KEY_REUSED", replayed: false });
      expect(other.body).not.toContain(first.body);
      expect(runs()).toBe(1);
    });

    it("concurrent-same-key-exactly-once: of fifty at once one runs, all get its answer", async () => {
      const { send, runs, effects } = await start();
      const replies = await Promise.all(Array.from({ length: 50 }, () => send()));
      expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
      expect(replies.filter(({ replayed }) => replayed)).toHaveLength(49);
      expect([runs(), await effects()]).toEqual([1, 1]);
    });

    it("in-flight-wait-then-replay: who comes during the work waits for its answer", async () => {
      const gate = createGate();
      const { send, runs } = await start(() => gate.opened);
      const first = send();
      await expect.poll(runs).toBe(1);
      const second = send();
      gate.open();
      expect(await second).toMatchObject({ replayed: true, body: (await first).body });
      expect(runs()).toBe(1);
    });

    it("in-flight-wait-timeout: a caller that waited its budget is asked to retry", async () => {
      const gate = createGate();
      const { send, runs } = await start(() => gate.opened);
      const first = send();
      await expect.poll(runs).toBe(1);
      const late = await send();
      gate.open();
      expect(late).toMatchObject({ status: 503, code: "REQUEST_IN_PROGRESS" });
      expect(Number(late.headers["retry-after"])).toBeGreaterThan(0);
      expect(await first).toMatchObject({ status: 200, replayed: false });
      expect(runs()).toBe(1);
    });

    it("in-flight-wait-timeout, without a claim: a transaction that takes too long is not waited for", async () => {
      const gate = createGate();
      const { send } = await start();
      const link = () => send({ ticket_id: 7 }, {}, LINK);
      inTransaction = async () => {
        inTransaction = undefined;
        await gate.opened;
      };
      const first = link();
      await expect.poll(() => inTransaction).toBeUndefined();
      const late = await link();
      gate.open();
      expect(late).toMatchObject({ status: 503, code: "NOT_READY" });
      expect(Number(late.headers["retry-after"])).toBeGreaterThan(0);
      expect(await first).toMatchObject({ status: 200, replayed: false });
      expect(await link()).toMatchObject({ status: 200, replayed: true });
    });

    it("crash-recovery-lease-expiry: a dead server's key is taken over when its lease is over", async () => {
      const { send, crashAfterClaim, move, runs, effects } = await start();
      await crashAfterClaim();
      move(LEASE_MS);
      expect(await send()).toMatchObject({ status: 200, replayed: false });
      expect([runs(), await effects()]).toEqual([1, 1]);
    });

    it("5xx-not-cached-by-default: after a failure the next delivery runs", async () => {
      const { send, effects } = await start(async (run) => {
        if (run === 1) throw new Error("a fault");
      });
      expect((await send()).status).toBe(500);
      expect(await send()).toMatchObject({ status: 200, replayed: false });
      expect(await effects()).toBe(1);
    });

    it("cross-tenant-isolation: the key of one account is nothing to another", async () => {
      const { send, runs } = await start();
      expect((await send()).body).toContain("acme:7");
      const other = await send({ ticket_id: 7 }, { authorization: `Bearer ${GLOBEX}` });
      expect(other).toMatchObject({ status: 200, replayed: false });
      expect(other.body).toContain("globex:7");
      expect(runs()).toBe(2);
    });

    it("missing-key-when-required: a write without a key is refused with 400", async () => {
      const { app, runs } = await start();
      const reply = await post(app, CAPTURE, { ticket_id: 7 });
      expect([reply.statusCode, readCode(reply.body)]).toEqual([400, "IDEMPOTENCY_KEY_MISSING"]);
      expect(runs()).toBe(0);
    });

    it("response-headers-preserved: type and caching as first, the request's own id, nothing else", async () => {
      const { send } = await start();
      const first = await send({ ticket_id: 7 }, { "x-request-id": "first" });
      const second = await send({ ticket_id: 7 }, { "x-request-id": "second" });
      const own = ["date", "x-request-id", "idempotency-replayed"];
      const kept = (headers: object) =>
        Object.entries(headers).filter(([name]) => !own.includes(name));
      expect(kept(second.headers)).toEqual(kept(first.headers));
      expect(second.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "x-request-id": "second",
      });
      expect(second.headers["set-cookie"]).toBeUndefined();
    });

    it("corrupt-record-treated-as-absent: an unreadable record is not a 500, the work is done", async () => {
      const { send, crashAfterClaim, key, runs } = await start();
      await crashAfterClaim();
      await sql`
        update idempotency_records set state = 'completed', status = 200, body = '{"outc'
        where key = ${key}`.execute(database.db);
      expect(await send()).toMatchObject({ status: 200, replayed: false });
      expect(runs()).toBe(1);
    });

    it("body-size-exceeded-bypass: a request that is too large is refused and leaves no record", async () => {
      const { send, runs } = await start();
      expect((await send({ ticket_id: "7".repeat(1_100_000) })).status).toBe(413);
      expect(await send()).toMatchObject({ status: 200, replayed: false });
      expect(runs()).toBe(1);
    });
  });

  describe.skipIf(withRedis && !hasRedis)("faults seen in others are not ours", () => {
    it("an identical retry, sent with other formatting, is not rejected as a mismatch", async () => {
      const { app, key } = await start();
      const headers = { "idempotency-key": key };
      const first = await post(app, CAPTURE, '{"ticket_id":7}', headers);
      const again = await post(app, CAPTURE, '{ "ticket_id" : "7", "case_id":null }', headers);
      expect([again.statusCode, again.body]).toEqual([200, first.body]);
    });

    it("the effect is not run again when the result cannot be written", async () => {
      const { send, refuseRecord, effects } = await start();
      await refuseRecord(true);
      expect((await send()).status).toBe(500);
      expect(await effects()).toBe(0);
      await refuseRecord(false);
      expect((await send()).status).toBe(200);
      expect(await send()).toMatchObject({ status: 200, replayed: true });
      expect(await effects()).toBe(1);
    });

    it("a late first writer does not overwrite the second's record", async () => {
      const gate = createGate();
      const { send, move, runs, effects } = await start(async (run) => {
        if (run === 1) await gate.opened;
      });
      const late = send();
      await expect.poll(runs).toBe(1);
      move(LEASE_MS);
      const second = await send();
      gate.open();
      expect(await late).toMatchObject({ replayed: true, body: second.body });
      expect(await send()).toMatchObject({ replayed: true, body: second.body });
      expect(await effects()).toBe(1);
    });

    it("a mismatching request does not poison its key", async () => {
      const { send, effects } = await start();
      const first = await send();
      for (const ticket_id of [8, 9]) expect((await send({ ticket_id })).status).toBe(422);
      expect(await send()).toMatchObject({ status: 200, replayed: true, body: first.body });
      expect(await effects()).toBe(1);
    });

    it("the server's own refusal is not recorded and replayed", async () => {
      const { send, crashAfterClaim, move } = await start();
      await crashAfterClaim();
      expect((await send({ ticket_id: 8 })).status).toBe(422);
      expect((await send({ wrong: 1 })).status).toBe(400);
      expect((await send({ ticket_id: 7 }, { authorization: "Bearer nobody's" })).status).toBe(401);
      move(LEASE_MS);
      expect(await send()).toMatchObject({ status: 200, replayed: false });
    });

    it("a tenant is not given another's body, by whatever they send", async () => {
      const { send } = await start();
      const acme = await send();
      const globex = { authorization: `Bearer ${GLOBEX}` };
      for (const body of [{ ticket_id: 7 }, { ticket_id: 7, account: "acme" }]) {
        expect((await send(body, globex)).body).not.toContain("acme");
      }
      expect(await send()).toMatchObject({ replayed: true, body: acme.body });
    });

    it.each(["INTERNAL", "ZENDESK_UNAVAILABLE"] as const)(
      "a 5xx (%s) is not cached",
      async (code) => {
        const { send } = await start(async (run) => {
          if (run === 1) throw new AppError(code, "not now");
        });
        expect((await send()).status).toBeGreaterThanOrEqual(500);
        expect(await send()).toMatchObject({ status: 200, replayed: false });
      },
    );

    it("a key is not blocked for a day after a crash, but for one lease", async () => {
      const { send, crashAfterClaim, move } = await start();
      await crashAfterClaim();
      move(LEASE_MS - 1);
      const waiting = send();
      move(1);
      expect(await waiting).toMatchObject({ status: 200, replayed: false });
    });
  });
});
