/** Records each finished write action, and each failed read, without holding any of them up: in batches, or not at all. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Pool } from "pg";
import { OPERATIONS, type OperationName } from "../contract/operations.ts";
import type { Log } from "../handlers.ts";
import { toLogRow, type FinishedAction, type LogRow } from "./log-row.ts";

export interface ActionLog {
  /** Takes an action's answer as it leaves; costs a push onto a list. */
  note(action: NotedAction): void;
  /** What was not written yet, and whatever is noted meanwhile. */
  flush(): Promise<void>;
  /** Writes the rest; nothing is taken afterwards. */
  close(): Promise<void>;
}

/** A finished action; the log says when. */
type NotedAction = Omit<FinishedAction, "at">;

interface ActionLogOptions {
  readonly now: () => Date;
  readonly pool: Pick<Pool, "query">;
  readonly log: Log;
  /** Rows that were lost, because the database was away or too slow. */
  readonly onDropped: (rows: number) => void;
}

const EVERY_MS = 250;
const BATCH_ROWS = 200;
/** Waiting for the database; more are dropped. */
const MOST_WAITING = 5_000;

/** Its commit waits for no disk, and holds up none that does: the last rows before a crash may be missing. */
const INSERT = `
  with relaxed as (select set_config('synchronous_commit', 'off', true))
  insert into action_log (account_id, at, operation, ticket_id, event_key, outcome, failed, message, duration_ms, lag_seconds)
  select noted.* from relaxed, unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[],
    $8::text[], $9::float8[], $10::float8[]) as noted`;

/** Replays are not told again; a key that is still at work will be told when it ends; floods are the metrics' matter. */
const UNTOLD = /"code":"(REQUEST_IN_PROGRESS|TOO_MANY_REQUESTS|UNAUTHORIZED)"/;

function isWorthTelling({ operation, replayed, failed, answer }: NotedAction): boolean {
  if (replayed) return false;
  if (!failed) return OPERATIONS[operation].effect === "write";
  return !UNTOLD.test(answer.slice(0, 100));
}

export function createActionLog({ pool, now, log, onDropped }: ActionLogOptions): ActionLog {
  let waiting: FinishedAction[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let isClosed = false;
  let isTold = false;

  function drop(rows: number, error?: unknown): void {
    onDropped(rows);
    // Once for each time that the database is away, not once a batch.
    if (!isTold) log.warn({ err: error }, "the action log cannot be written; entries are dropped");
    isTold = true;
  }

  async function write(actions: readonly FinishedAction[]): Promise<void> {
    try {
      await pool.query(INSERT, toColumns(actions.map(toLogRow)));
      isTold = false;
    } catch (error) {
      drop(actions.length, error);
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_ROWS);
      waiting = waiting.slice(BATCH_ROWS);
      await write(batch);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll().finally(() => {
      writing = undefined;
      if (waiting.length > 0 && !isClosed) arm();
    });
    return writing;
  }

  function arm(): void {
    if (writing) return;
    timer ??= setTimeout(() => void flush(), EVERY_MS).unref();
  }

  return {
    note(action) {
      if (isClosed || !isWorthTelling(action)) return;
      if (waiting.length >= MOST_WAITING) {
        drop(1);
        return;
      }
      waiting.push({ ...action, at: now() });
      if (waiting.length >= BATCH_ROWS) void flush();
      else arm();
    },
    flush,
    async close() {
      isClosed = true;
      await flush();
    },
  };
}

function toColumns(rows: readonly LogRow[]): unknown[][] {
  return [
    rows.map((row) => row.account),
    rows.map((row) => row.at),
    rows.map((row) => row.operation),
    rows.map((row) => row.ticketId),
    rows.map((row) => row.eventKey),
    rows.map((row) => row.outcome),
    rows.map((row) => row.failed),
    rows.map((row) => row.message),
    rows.map((row) => row.durationMs),
    rows.map((row) => row.lagSeconds),
  ];
}

/** Of one operation's route: its answers as they leave. `accountOf` answers undefined for strangers. */
export function noteAnswers(
  { note }: Pick<ActionLog, "note">,
  operation: OperationName,
  accountOf: (request: FastifyRequest) => string | undefined,
) {
  return (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: () => void,
  ): void => {
    const account = accountOf(request);
    if (account !== undefined && typeof payload === "string") {
      const key = request.headers["idempotency-key"];
      note({
        account,
        operation,
        body: request.body,
        eventKey: typeof key === "string" ? key : null,
        answer: payload,
        failed: reply.statusCode >= 400,
        replayed: reply.hasHeader("idempotency-replayed"),
        durationMs: reply.elapsedTime,
      });
    }
    done();
  };
}
