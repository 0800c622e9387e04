/** Plays one history against living servers: delivers the events, breaks things, repairs them, and looks what is there. */
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Backing } from "./backing.ts";
import type { Fleet } from "./fleet.ts";
import type { Effects, Outcome } from "./judge.ts";
import type { Call } from "./linearizable.ts";
import type { CrashPoint, History, PlannedEvent, Trouble } from "./plan.ts";
import type { Platforms } from "./platforms.ts";
import { WEBHOOK_PATH } from "#test/support/inbound-webhooks";

export interface Stage {
  readonly fleet: Fleet;
  readonly backing: Backing;
  readonly platforms: Platforms;
}

export const tokenOf = (account: string) => `token-of-${account}-of-the-fault-suite`;

const ATTEMPTS = 4;
const BETWEEN_ATTEMPTS_MS = 150;
/** How long a client waits; longer than any budget of an action. */
const CLIENT_TIMEOUT_MS = 8_000;
const RECOVERY_MS = 30_000;
const TROUBLE_MS = 400;
const BACKEND_ENDS = 8;
const BETWEEN_BACKEND_ENDS_MS = 50;
const MOST_BACKENDS = 1_000;
/** Longer than any lease. */
const PAUSE_MS = 1_500;
const AWAY = { status: 503, headers: { "retry-after": "60" } } as const;
/** Longer than any lease, shorter than the life of an answer. */
const CLOCK_JUMPS_MS = [3_600_000, -3_600_000] as const;

const monotonicMs = () => performance.now();

/** Never rejects. */
async function callOnce(
  url: string,
  account: string,
  { action, key, body }: PlannedEvent,
): Promise<Call> {
  const beganMs = monotonicMs();
  try {
    const reply = await fetch(`${url}/v1/actions/${action}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokenOf(account)}`,
        "content-type": "application/json",
        "idempotency-key": key,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CLIENT_TIMEOUT_MS),
    });
    const text = await reply.text();
    const endedMs = monotonicMs();
    if (reply.status === 422) return { beganMs, endedMs, saw: { kind: "mismatch" } };
    if (reply.status === 200) {
      const kind = reply.headers.get("idempotency-replayed") === "true" ? "replayed" : "ran";
      return { beganMs, endedMs, saw: { kind, body: text } };
    }
  } catch {
    // Lost: the server died, or took too long.
  }
  return { beganMs, endedMs: undefined, saw: { kind: "unknown" } };
}

/** Until there is an answer, or the attempts are used up. */
async function deliver(
  { fleet }: Stage,
  account: string,
  event: PlannedEvent,
  options: { readonly slot: number; readonly attempts: number; readonly calls: Call[] },
): Promise<Call | undefined> {
  for (let attempt = 0; attempt < options.attempts; attempt += 1) {
    if (attempt > 0) await sleep(BETWEEN_ATTEMPTS_MS);
    const url = fleet.find(options.slot);
    if (url === undefined) continue;
    const call = await callOnce(url, account, event);
    options.calls.push(call);
    if (call.saw.kind !== "unknown") return call;
  }
  return undefined;
}

async function makeTrouble(
  { backing, platforms, fleet }: Stage,
  kind: Trouble,
  seed: number,
): Promise<void> {
  const { redis } = backing;
  switch (kind) {
    case "none":
      return;
    case "answer-lost":
      platforms.faults.zendesk.add({
        method: "PUT",
        path: "/api/v2/tickets/*",
        times: 2,
        drop: "after",
      });
      platforms.faults.zendesk.add({ method: "POST", path: WEBHOOK_PATH, times: 1, drop: "after" });
      return;
    case "zendesk-away":
      platforms.faults.zendesk.add({ path: "/*", ...AWAY });
      return;
    case "salesforce-away":
      platforms.faults.salesforce.add({ path: "/*", ...AWAY });
      return;
    case "clock-jump":
      fleet.shiftClock(CLOCK_JUMPS_MS[seed % CLOCK_JUMPS_MS.length] ?? 0);
      return;
    case "postgres-restarted":
      await backing.postgres.restart("SIGQUIT");
      return;
    case "postgres-killed":
      await backing.postgres.restart("SIGKILL");
      return;
    case "backends-ended":
      for (let time = 0; time < BACKEND_ENDS; time += 1) {
        await backing.postgres.terminateBackends(1 + ((seed + time) % 3));
        await sleep(BETWEEN_BACKEND_ENDS_MS);
      }
      return;
    case "database-silent":
      backing.postgres.relay.fallSilent(seed % 2 === 0 ? "work" : "are silent");
      await sleep(TROUBLE_MS);
      backing.postgres.relay.recover();
      return;
    case "server-paused":
      fleet.pause(0);
      await backing.postgres.terminateBackends(MOST_BACKENDS);
      await sleep(PAUSE_MS);
      fleet.goOn();
      return;
    case "redis-down":
      await redis?.kill();
      return;
    case "redis-flushed":
      await redis?.flush();
      return;
    case "redis-slow":
      await redis?.command(`client pause ${TROUBLE_MS} all`);
  }
}

async function repair({ backing, platforms, fleet }: Stage): Promise<readonly CrashPoint[]> {
  platforms.faults.zendesk.clear();
  platforms.faults.salesforce.clear();
  await backing.redis?.restart();
  const kills = fleet.disarm();
  fleet.shiftClock(0);
  await fleet.ready();
  return kills;
}

/** As if the pauses between attempts, and the time-outs of jobs whose server died, were over. */
async function hurryJobs({ backing }: Stage): Promise<void> {
  await sql`
    update pgboss.job set start_after = now() where state = 'retry'`.execute(
    backing.postgres.database.db,
  );
  await sql`
    update pgboss.job set heartbeat_on = heartbeat_on - interval '1 hour'
    where state = 'active' and heartbeat_on < now() - interval '2 seconds'`.execute(
    backing.postgres.database.db,
  );
}

async function countJobs({ backing }: Stage, account: string) {
  const { rows } = await sql<{ open: number; dead: number }>`
    select
      count(*) filter (where state < 'completed' and name not like '%.dead')::int as open,
      count(*) filter (where name like '%.dead')::int as dead
    from pgboss.job where data ->> 'account' = ${account}`.execute(backing.postgres.database.db);
  return rows[0] ?? { open: 0, dead: 0 };
}

async function countClaims({ backing }: Stage, account: string): Promise<number> {
  const claims = await backing.postgres.database.db
    .selectFrom("idempotency_records")
    .select("key")
    .where("account_id", "=", account)
    .where("state", "=", "claimed")
    .execute();
  return claims.length;
}

async function waitForJobs(stage: Stage, account: string) {
  const endsAt = monotonicMs() + RECOVERY_MS;
  for (;;) {
    const jobs = await countJobs(stage, account);
    if (jobs.open === 0 || monotonicMs() > endsAt) return jobs;
    await hurryJobs(stage);
    await sleep(100);
  }
}

async function countEffect(
  { backing, platforms }: Stage,
  account: string,
  { action, key, ticketId, body }: PlannedEvent,
): Promise<Effects> {
  const { db } = backing.postgres.database;
  switch (action) {
    case "annotate-ticket":
      return { count: platforms.countNotes(account, key, ticketId) };
    case "request-link":
      return { count: platforms.countLinkRequests(account, key, ticketId) };
    case "capture-conversation": {
      const row = await db
        .selectFrom("qa_conversations")
        .select("captures")
        .where("account_id", "=", account)
        .where("ticket_id", "=", ticketId)
        .executeTakeFirst();
      return { count: row?.captures ?? 0 };
    }
    case "record-assignment": {
      const rows = await db
        .selectFrom("qa_assignments")
        .select("event_key")
        .where("account_id", "=", account)
        .where("event_key", "=", key)
        .execute();
      return { count: rows.length };
    }
    case "record-ticket-event": {
      const rows = await db
        .selectFrom("qa_events")
        .select("event_key")
        .where("account_id", "=", account)
        .where("event_key", "=", key)
        .execute();
      return { count: rows.length };
    }
    case "record-deletion": {
      const rows = await db
        .selectFrom("qa_deletions")
        .select("event_key")
        .where("account_id", "=", account)
        .where("event_key", "=", key)
        .execute();
      return { count: rows.length };
    }
    case "apply-settings": {
      const { revision } = body["settings"] as { revision: number };
      const rows = await db
        .selectFrom("settings_history")
        .select("serial")
        .where("account_id", "=", account)
        .where("revision", "=", revision)
        .execute();
      return { count: rows.length };
    }
    default:
      return action satisfies never;
  }
}

/** The same key for another ticket, or for nothing that the event was about. */
function impostorOf(event: PlannedEvent): PlannedEvent | undefined {
  if (event.action === "apply-settings") return undefined;
  return { ...event, body: { ...event.body, ticket_id: "1" } };
}

/** The event again, somebody else under its key, and the event once more: each to another server. */
async function ask(
  stage: Stage,
  history: History,
  event: PlannedEvent,
  calls: Call[],
): Promise<string | undefined> {
  const attempts = Math.ceil(RECOVERY_MS / BETWEEN_ATTEMPTS_MS);
  const { account } = history;
  const first = await deliver(stage, account, event, { slot: 0, attempts, calls });
  if (first === undefined || !("body" in first.saw)) return undefined;
  const impostor = impostorOf(event);
  if (impostor)
    await deliver(stage, account, impostor, { slot: 1 % stage.fleet.size, attempts: 1, calls });
  const last = await deliver(stage, account, event, {
    slot: 2 % stage.fleet.size,
    attempts,
    calls,
  });
  return last !== undefined && "body" in last.saw ? last.saw.body : undefined;
}

/** Everything must be well before; it is well again after. */
export async function play(
  stage: Stage,
  history: History,
): Promise<{ readonly outcome: Outcome; readonly kills: readonly CrashPoint[] }> {
  const { account, events, crash, trouble } = history;
  const calls: Call[][] = events.map(() => []);
  stage.fleet.disarm();
  stage.fleet.arm(crash.slot, crash.point, crash.passes);
  const troubles = sleep(trouble.atMs).then(() => makeTrouble(stage, trouble.kind, history.seed));
  await Promise.all([
    troubles,
    ...history.deliveries.map(async ({ event, atMs, slot }) => {
      const delivered = events[event];
      const seen = calls[event];
      if (!delivered || !seen) return;
      await sleep(atMs);
      await deliver(stage, account, delivered, { slot, attempts: ATTEMPTS, calls: seen });
    }),
  ]);
  // A server whose point lies in a job may still come there.
  if (events.some(({ action }) => action === "request-link")) await sleep(BETWEEN_ATTEMPTS_MS);
  const kills = await repair(stage);
  const answers = await Promise.all(
    events.map(async (event, index) => ask(stage, history, event, calls[index] ?? [])),
  );
  const jobs = await waitForJobs(stage, account);
  const effects = [];
  for (const event of events) effects.push(await countEffect(stage, account, event));
  return {
    kills,
    outcome: {
      calls,
      effects,
      answers,
      openJobs: jobs.open,
      deadLetters: jobs.dead,
      liveClaims: await countClaims(stage, account),
      ...stage.fleet.takeEvents(),
    },
  };
}
