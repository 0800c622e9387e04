/**
 * The integration log: what administrators see of flow runs, for seven days. Source: the support article
 * on the integration log. Ours can be read over HTTP; Zendesk's has no API.
 */
import type { Json } from "../model/json.ts";
import type { Store } from "./store.ts";

type LogStatus = "info" | "warning" | "error" | "debug";

export interface LogEntry {
  readonly id: number;
  readonly time: string;
  /** The integration's name. */
  readonly product: string;
  readonly status: LogStatus;
  readonly description: string;
  /** What an opened entry shows: the run, its status and the failed state. */
  readonly details: Json;
}

export interface IntegrationLog {
  add(entry: Omit<LogEntry, "id" | "time">): void;
  /** Newest first. */
  entries(filter: {
    readonly product?: string | undefined;
    readonly status?: string | undefined;
    readonly limit: number;
  }): readonly LogEntry[];
}

export interface LogOptions {
  readonly store: Store;
  readonly now: () => Date;
}

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const MOST_ENTRIES = 5_000;

/** The log of one account. */
export function createLog({ store, now }: LogOptions): IntegrationLog {
  const entries = store.collection<LogEntry>("log");

  /** Entries are in the order of time, so the ones to drop come first. */
  function dropOld(): void {
    const oldest = now().getTime() - KEPT_MS;
    for (const entry of entries.values()) {
      if (entries.size <= MOST_ENTRIES && Date.parse(entry.time) >= oldest) return;
      entries.delete(String(entry.id));
    }
  }

  return {
    add(entry) {
      const id = store.nextNumber("log");
      entries.set(String(id), { id, time: now().toISOString(), ...entry });
      dropOld();
    },
    entries({ product, status, limit }) {
      dropOld();
      return [...entries.values()]
        .filter((entry) => (product ?? entry.product) === entry.product)
        .filter((entry) => (status ?? entry.status) === entry.status)
        .slice(-limit)
        .toReversed();
    },
  };
}
