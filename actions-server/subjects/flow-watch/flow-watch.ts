/** Records which accounts' flows reach the server and which credentials it refused, in batches that do not delay answers. */
import { sql, type Kysely } from "kysely";
import type { OperationName } from "#contract/actions/operations";
import type { Database } from "#platform/db/schema";
import type { Log } from "#platform/log";
import type { ActionResult } from "#platform/http/answered-action";
import type { CallerKind, Credential } from "#platform/http/callers";
import { fingerprintOf } from "./fingerprint.ts";
import { noteArrivals, type Arrival } from "./test-events.ts";

/** An action's answer as it is sent. */
interface AnsweredCall {
  readonly account: string;
  readonly operation: OperationName;
  /** The Idempotency-Key; for apply-settings, the id of the event. */
  readonly eventKey: string | null;
  readonly result: ActionResult;
}

/** A credential that the server does not know. */
interface ShownCredential {
  readonly kind: CallerKind | "none";
  /** Undefined: none was shown. */
  readonly sha256: Buffer | undefined;
}

export interface FlowWatch {
  heard(call: AnsweredCall): void;
  refused(shown: ShownCredential): void;
  /** Writes what was noted. Throws what the database throws; the notes are then kept and written later. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface FlowWatchOptions {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly log: Log;
  /** From SERVER_TOKENS: remembered, so that one that is removed later can still be recognized. */
  readonly credentials: readonly Credential[];
}

interface Contact {
  readonly callAt: Date;
  readonly eventAt?: Date;
}

interface Refused {
  readonly kind: ShownCredential["kind"];
  readonly fingerprint: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly calls: number;
}

const EVERY_MS = 1_000;
/** How many different credentials and calls are held while the database is away; more are dropped. */
const MOST_HELD = 200;
/** How many refused credentials are kept; in a flood of guesses, the newest and those that were once an account's own. */
const MOST_REFUSED = 1_000;

export function createFlowWatch({ db, now, log, credentials }: FlowWatchOptions): FlowWatch {
  let contacts = new Map<string, Contact>();
  let arrivals: Arrival[] = [];
  let refusals = new Map<string, Refused>();
  let timer: NodeJS.Timeout | undefined;
  let isRemembered = false;
  let isReported = false;
  let isClosed = false;
  let writing: Promise<void> = Promise.resolve();

  function arm(): void {
    if (isClosed) return;
    timer ??= setTimeout(() => {
      void flush().catch((error: unknown) => {
        // Once per outage.
        if (!isReported) log.warn({ err: error }, "which flows called cannot be written yet");
        isReported = true;
      });
    }, EVERY_MS).unref();
  }

  function hold(one: Refused): void {
    const key = `${one.kind} ${one.fingerprint}`;
    const held = refusals.get(key);
    if (!held && refusals.size >= MOST_HELD) return;
    const firstAt = held && held.firstAt < one.firstAt ? held.firstAt : one.firstAt;
    const lastAt = held && held.lastAt > one.lastAt ? held.lastAt : one.lastAt;
    refusals.set(key, { ...one, firstAt, lastAt, calls: (held?.calls ?? 0) + one.calls });
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const [called, arrived, refused] = [contacts, arrivals, refusals];
    contacts = new Map();
    arrivals = [];
    refusals = new Map();
    try {
      if (!isRemembered) await rememberCredentials(db, credentials, now());
      isRemembered = true;
      await noteContacts(db, called);
      await noteArrivals(db, arrived);
      await noteRefusals(db, [...refused.values()]);
      isReported = false;
    } catch (error) {
      for (const [account, before] of called) {
        contacts.set(account, { ...before, ...contacts.get(account) });
      }
      arrivals = [...arrived, ...arrivals].slice(0, MOST_HELD);
      for (const one of refused.values()) hold(one);
      // Also when no other call follows, because test events come only once an hour.
      arm();
      throw error;
    }
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => undefined).then(write);
    return writing;
  }

  return {
    heard({ account, operation, eventKey, result }) {
      const at = now();
      const isTest = operation === "apply-settings";
      contacts.set(account, {
        ...contacts.get(account),
        callAt: at,
        ...(!isTest && { eventAt: at }),
      });
      if (isTest && eventKey !== null && arrivals.length < MOST_HELD) {
        const failed = result.kind === "failed";
        const outcome = failed ? result.error.code : (result.answer().outcome ?? "unknown");
        arrivals.push({ account, id: eventKey, at, failed, outcome });
      }
      arm();
    },
    refused({ kind, sha256 }) {
      const at = now();
      const fingerprint = sha256 === undefined ? "" : fingerprintOf(sha256);
      hold({ kind, fingerprint, firstAt: at, lastAt: at, calls: 1 });
      arm();
    },
    flush,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await flush().catch((error: unknown) => {
        log.warn({ err: error }, "which flows called last is not written");
      });
    },
  };
}

async function rememberCredentials(
  db: Kysely<Database>,
  credentials: readonly Credential[],
  now: Date,
): Promise<void> {
  const rows = new Map(
    credentials.map(({ account, sha256 }) => {
      const fingerprint = fingerprintOf(sha256);
      return [
        `${account} ${fingerprint}`,
        { account_id: account, fingerprint, seen_at: now },
      ] as const;
    }),
  );
  if (rows.size === 0) return;
  await db
    .insertInto("known_credentials")
    .values([...rows.values()])
    .onConflict((conflict) =>
      conflict
        .columns(["account_id", "fingerprint"])
        .doUpdateSet((row) => ({ seen_at: row.ref("excluded.seen_at") })),
    )
    .execute();
}

async function noteContacts(
  db: Kysely<Database>,
  contacts: ReadonlyMap<string, Contact>,
): Promise<void> {
  if (contacts.size === 0) return;
  await db
    .insertInto("flow_contacts")
    .values(
      [...contacts].map(([account_id, { callAt, eventAt }]) => ({
        account_id,
        last_call_at: callAt,
        last_event_at: eventAt ?? null,
      })),
    )
    .onConflict((conflict) =>
      conflict.column("account_id").doUpdateSet({
        last_call_at: sql<Date>`greatest(flow_contacts.last_call_at, excluded.last_call_at)`,
        last_event_at: sql<Date>`greatest(flow_contacts.last_event_at, excluded.last_event_at)`,
      }),
    )
    .execute();
}

async function noteRefusals(db: Kysely<Database>, refusals: readonly Refused[]): Promise<void> {
  if (refusals.length === 0) return;
  await sql`
    insert into refused_credentials (account_id, fingerprint, kind, calls, first_at, last_at)
    select coalesce((select known.account_id from known_credentials known
        where known.fingerprint = noted.fingerprint order by known.seen_at desc limit 1), ''),
      noted.fingerprint, noted.kind, noted.calls, noted.first_at, noted.last_at
    from unnest(${refusals.map((one) => one.fingerprint)}::text[], ${refusals.map((one) => one.kind)}::text[],
      ${refusals.map((one) => one.calls)}::bigint[], ${refusals.map((one) => one.firstAt)}::timestamptz[],
      ${refusals.map((one) => one.lastAt)}::timestamptz[]) as noted (fingerprint, kind, calls, first_at, last_at)
    on conflict (account_id, fingerprint, kind) do update
      set calls = refused_credentials.calls + excluded.calls,
        last_at = greatest(refused_credentials.last_at, excluded.last_at)`.execute(db);
  await sql`
    delete from refused_credentials where (account_id, fingerprint, kind) in (
      select account_id, fingerprint, kind from refused_credentials
      order by account_id = '', last_at desc offset ${MOST_REFUSED})`.execute(db);
}
