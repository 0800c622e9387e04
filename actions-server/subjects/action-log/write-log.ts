/** Records each finished write action and each failed read, in batches, and drops entries rather than delay an answer. */
import type { Pool } from "pg";
import { OPERATIONS } from "#contract/actions/operations";
import { prepared } from "#platform/db/prepared";
import type { Log } from "#platform/log";
import { toLogRow, type FinishedAction, type LogRow } from "./log-row.ts";

export interface ActionLog {
  /** Takes an action's answer as it is sent; keeps its row, and nothing of its body. */
  note(action: NotedAction): void;
  /** Writes what is waiting, and whatever is noted in the meantime. */
  flush(): Promise<void>;
  /** Writes the rest; ignores what is noted afterwards. */
  close(): Promise<void>;
}

/** A finished action; the log says when. */
type NotedAction = Omit<FinishedAction, "at">;

export interface ActionLogOptions {
  readonly now: () => Date;
  readonly pool: Pick<Pool, "query">;
  readonly log: Log;
  /** How many rows were lost because the database was away or too slow. */
  readonly onDropped: (rows: number) => void;
}

const EVERY_MS = 250;
const BATCH_ROWS = 200;
/** How much may wait for the database, in rows and in bytes; more is dropped. */
const MOST_WAITING = 5_000;
const MOST_WAITING_BYTES = 4_000_000;
const ROW_BYTES = 200;

/** The commit does not wait for the disk, so the last rows before a crash may be missing. */
const INSERT = prepared(
  "action_log_insert",
  `
  with relaxed as (select set_config('synchronous_commit', 'off', true))
  insert into action_log (account_id, at, operation, ticket_id, event_key, outcome, failed, message, duration_ms, lag_seconds)
  select noted.* from relaxed, unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[],
    $8::text[], $9::float8[], $10::float8[]) as noted`,
);

/** A replay is already recorded; a key still in progress is recorded when it ends; floods are left to the metrics. */
const UNRECORDED: readonly string[] = ["REQUEST_IN_PROGRESS", "TOO_MANY_REQUESTS", "UNAUTHORIZED"];

function isWorthRecording({ operation, result }: NotedAction): boolean {
  if (result.kind === "failed") return !UNRECORDED.includes(result.error.code);
  return result.kind === "answered" && OPERATIONS[operation].effect === "write";
}

export function createActionLog({ pool, now, log, onDropped }: ActionLogOptions): ActionLog {
  let waiting: LogRow[] = [];
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let isClosed = false;
  let isReported = false;

  function drop(rows: number, error?: unknown): void {
    onDropped(rows);
    // Once per outage, not once per batch.
    if (!isReported)
      log.warn({ err: error }, "the action log cannot be written; entries are dropped");
    isReported = true;
  }

  async function write(rows: readonly LogRow[]): Promise<void> {
    try {
      await pool.query(INSERT, toColumns(rows));
      isReported = false;
    } catch (error) {
      drop(rows.length, error);
      // Closing does not wait for an unavailable database.
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
      if (isClosed || !isWorthRecording(action)) return;
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

/** In memory, where a character takes up to two bytes. */
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
