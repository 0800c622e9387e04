/** Do the metrics show how late events come, how long duplicates wait, and which leases were lost? */
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import { OPERATIONS } from "#contract/actions/operations";
import type { OpenDatabase } from "#platform/db/open";
import { assembleServer } from "#actions-server/assemble";
import type { Overrides } from "#actions-server/open-platform";
import { createLog } from "#platform/log";
import { MAIN_ENV } from "#test/support/main-process";
import { freshDatabase } from "#test/support/postgres";

const OPERATION = 'operation="record-assignment"';
const NOW = Date.parse("2026-11-25T08:00:00Z");

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

async function startServer(overrides: Overrides = {}) {
  const config = loadConfig({ ...MAIN_ENV, DATABASE_URL: database.url });
  const { deps, close } = await assembleServer(config, { log: createLog("silent"), ...overrides });
  const app = await buildApp(deps);
  onTestFinished(async () => {
    await app.close();
    await close();
  });
  const send = (name: keyof typeof OPERATIONS, key: string, payload: object) =>
    app.inject({
      method: "POST",
      url: OPERATIONS[name].path,
      headers: { authorization: "Bearer token-of-acme-12345", "idempotency-key": key },
      payload,
    });
  const record = (key: string, occurredAt = new Date(NOW).toISOString()) => {
    const assignment = { ticket_id: "7", agent_id: "8", group_id: null, occurred_at: occurredAt };
    return send("record-assignment", key, assignment);
  };
  /** Undefined: nothing was counted yet. */
  const metric = async (name: string, labels = OPERATION) => {
    // The route keeps its answer for a second.
    const body = await deps.metrics.registry.metrics();
    const line = body.split("\n").find((text) => text.startsWith(`${name}{${labels}} `));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };
  return { send, record, metric };
}

describe("the lag of events", () => {
  it("runs from what the event says to the work, once for each event, and is never below 0", async () => {
    const { record, metric } = await startServer({ now: () => new Date(NOW) });
    expect(await metric("caseqa_event_lag_seconds_count")).toBeUndefined();
    await record("late", "2026-11-25T07:58:30Z");
    await record("late", "2026-11-25T07:58:30Z");
    await record("early", "2026-11-25T09:00:00+00:30");
    expect(await metric("caseqa_event_lag_seconds_count")).toBe(2);
    expect(await metric("caseqa_event_lag_seconds_sum")).toBe(90);
    expect(await metric("caseqa_event_lag_seconds_bucket", `le="60",${OPERATION}`)).toBe(1);
    expect(await metric("caseqa_event_lag_seconds_bucket", `le="300",${OPERATION}`)).toBe(2);
  });

  it("can be shown for every operation, but for those that ask or are told no time of an event", () => {
    const undated = Object.entries(OPERATIONS).filter(
      ([, { request }]) => !("occurred_at" in request.properties),
    );
    expect(undated.map(([name]) => name)).toEqual([
      "resolve-case",
      "merge-conversation",
      "apply-settings",
      "request-link",
    ]);
  });

  it("is shown for record-deletion", async () => {
    const { send, metric } = await startServer({ now: () => new Date(NOW) });
    const body = { ticket_id: 7, state: "deleted", occurred_at: "2026-11-25T07:58:30Z" };
    await send("record-deletion", "key", body);
    expect(await metric("caseqa_event_lag_seconds_sum", `operation="record-deletion"`)).toBe(90);
  });

  it.each(["capture-conversation", "annotate-ticket"] as const)("is shown for %s", async (name) => {
    const { send, metric } = await startServer({ now: () => new Date(NOW) });
    const more = name === "annotate-ticket" ? { telling: "tag", reason: "ambiguous_case" } : {};
    await send(name, name, { ticket_id: 7, occurred_at: "2026-11-25T07:58:30Z", ...more });
    await send(name, `old bundle: ${name}`, { ticket_id: 7, ...more });
    expect(await metric("caseqa_event_lag_seconds_sum", `operation="${name}"`)).toBe(90);
  });
});

describe("idempotency keys", () => {
  /** As if a record were in the way: the work then goes by claim and lease. */
  const somebodyElsesKey = async () => undefined;

  it("show how long a duplicate waited for the first call", async () => {
    const gate = Promise.withResolvers<void>();
    const { record, metric } = await startServer({
      wrapStore: (store) => ({
        ...store,
        completeUnclaimed: somebodyElsesKey,
        complete: async (lease, completion) => {
          await gate.promise;
          return store.complete(lease, completion);
        },
      }),
    });
    const calls = [record("waiting"), record("waiting")];
    const waited = () => metric("caseqa_idempotency_wait_seconds_total");
    await expect.poll(waited).toBeGreaterThan(0);
    gate.resolve();
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(await metric("caseqa_action_replays_total")).toBe(1);
  });

  it("show a lease that was lost, and the work is done all the same", async () => {
    let lost = 0;
    const { record, metric } = await startServer({
      leaseMs: 100,
      wrapStore: (store) => ({
        ...store,
        completeUnclaimed: somebodyElsesKey,
        complete: async (lease, completion) => {
          lost += 1;
          return lost === 1 ? undefined : store.complete(lease, completion);
        },
      }),
    });
    expect((await record("lost")).statusCode).toBe(200);
    expect(await metric("caseqa_idempotency_leases_lost_total")).toBe(1);
  });
});
