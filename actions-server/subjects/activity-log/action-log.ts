/** Records each finished write action, and each failed read, without holding any of them up: in batches, or not at all. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Pool } from "pg";
import { OPERATIONS, type OperationName } from "#contract/actions/operations";
import type { Log } from "#platform/log";
import { toLogRow, type FinishedAction, type LogRow } from "./log-row.ts";

export interface ActionLog {
  /** Takes an action's answer as it leaves; keeps its row, nothing of its body. */
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
/** Waiting for the database, in rows and in bytes; more are dropped. */
const MOST_WAITING = 5_000;
const MOST_WAITING_BYTES = 4_000_000;
/** What a row takes besides its texts. */
const ROW_BYTES = 200;

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
  let waiting: LogRow[] = [];
  let waitingBytes = 0;
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

  async function write(rows: readonly LogRow[]): Promise<void> {
    try {
      await pool.query(INSERT, toColumns(rows));
      isTold = false;
    } catch (error) {
      drop(rows.length, error);
      // Nobody waits at the end for a database that is away.
      if (isClosed && waiting.length > 0) drop(take(waiting.length).length, error);
    }
  }

  function take(count: number): readonly LogRow[] {
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingBytes -= totalBytes(taken);
    return taken;
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) await write(take(BATCH_ROWS));
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
      const row = toLogRow({ ...action, at: now() });
      const bytes = waitingBytes + bytesOf(row);
      if (waiting.length >= MOST_WAITING || bytes > MOST_WAITING_BYTES) {
        drop(1);
        return;
      }
      waiting.push(row);
      waitingBytes = bytes;
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

/** In memory, where a character takes up to two. */
function bytesOf(row: LogRow): number {
  const texts = Object.values(row).filter((value) => typeof value === "string");
  return ROW_BYTES + texts.reduce((sum, text) => sum + 2 * text.length, 0);
}

function totalBytes(rows: readonly LogRow[]): number {
  return rows.reduce((sum, row) => sum + bytesOf(row), 0);
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
