/** Many writers at a server whose database goes away: each sends its events until they are answered, as ZIS does. */
import { setTimeout as sleep } from "node:timers/promises";
import type { OpenDatabase } from "#platform/db/open";
import { callAction } from "../server-process.ts";

const WRITERS = 12;
const BETWEEN_ATTEMPTS_MS = 50;

export interface Writers {
  /** Every status that came, by number; "lost": none came. */
  readonly statuses: ReadonlyMap<number | "lost", number>;
  /** Keys that were answered with 200. */
  readonly answered: ReadonlySet<string>;
  /** No new events; resolves when each that began was answered. */
  stop(): Promise<void>;
}

/** Until `stop`. */
export function startWriters(url: string): Writers {
  const statuses = new Map<number | "lost", number>();
  const answered = new Set<string>();
  const over = new AbortController();

  async function deliver(ticket: number, key: string): Promise<void> {
    for (;;) {
      const reply = await callAction(url, {
        action: "record-assignment",
        key,
        body: { ticket_id: ticket, agent_id: 7, group_id: 8, occurred_at: "2026-11-25T08:00:00Z" },
      }).catch(() => undefined);
      const status = reply?.status ?? "lost";
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 200) break;
      await sleep(BETWEEN_ATTEMPTS_MS);
    }
    answered.add(key);
  }

  async function write(writer: number): Promise<void> {
    for (let serial = 0; !over.signal.aborted; serial += 1) {
      await deliver(writer * 100_000 + serial + 1, `event-${writer}-${serial}`);
    }
  }

  const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  return {
    statuses,
    answered,
    async stop() {
      over.abort();
      await writing;
    },
  };
}

/** Events that are recorded, in no order; one that is there twice is named twice. */
export async function recordedKeys({ db }: OpenDatabase): Promise<string[]> {
  const rows = await db.selectFrom("qa_assignments").select("event_key").execute();
  return rows.map((row) => row.event_key).sort();
}
