/** What has happened so far, in numbers. */
import type { RunRequest, RunStatus } from "./runs.ts";

interface Latencies {
  readonly count: number;
  /** Milliseconds from the acceptance of an event to the end of a flow that it started. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface Stats {
  /** Events accepted, copies not counted. */
  readonly events: number;
  /** Flow starts that these led to, copies and duplicates counted. */
  readonly deliveries: number;
  readonly queued: number;
  readonly running: number;
  readonly flows: {
    /** Deliveries that were begun; those that could not start are among them. */
    readonly started: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly timed_out: number;
    readonly transitions_exceeded: number;
    readonly not_started: number;
    /** Attempts after the first. */
    readonly retried: number;
  };
  readonly actions: {
    readonly requests: number;
    /** Requests without a 2xx answer. */
    readonly failed: number;
    /** Answers that said they repeat a recorded one. */
    readonly replayed: number;
  };
  readonly latencies_ms: Latencies;
}

export interface StatsCollector {
  accepted(): void;
  delivered(): void;
  began(): void;
  retried(): void;
  requested(request: RunRequest): void;
  ended(status: RunStatus, latencyMs: number): void;
  snapshot(queue: { readonly queued: number; readonly running: number }): Stats;
}

/** Latencies are those of the last runs: more would not move the percentiles. */
const MOST_LATENCIES = 65_536;

/** Counts from zero. */
export function createStats(): StatsCollector {
  let events = 0;
  let deliveries = 0;
  let ends = 0;
  const flows = {
    started: 0,
    succeeded: 0,
    failed: 0,
    timed_out: 0,
    transitions_exceeded: 0,
    not_started: 0,
    retried: 0,
  };
  const actions = { requests: 0, failed: 0, replayed: 0 };
  const latencies = new Float64Array(MOST_LATENCIES);
  const counterOf = {
    SUCCEEDED: "succeeded",
    FAILED: "failed",
    TIMED_OUT: "timed_out",
    TRANSITIONS_EXCEEDED: "transitions_exceeded",
    NOT_STARTED: "not_started",
  } as const satisfies Record<RunStatus, keyof typeof flows>;

  return {
    accepted() {
      events += 1;
    },
    delivered() {
      deliveries += 1;
    },
    began() {
      flows.started += 1;
    },
    retried() {
      flows.retried += 1;
    },
    requested({ status, replayed }) {
      actions.requests += 1;
      if (status === null || status < 200 || status > 299) actions.failed += 1;
      if (replayed) actions.replayed += 1;
    },
    ended(status, latencyMs) {
      flows[counterOf[status]] += 1;
      latencies[ends % MOST_LATENCIES] = latencyMs;
      ends += 1;
    },
    snapshot: (queue) => ({
      events,
      deliveries,
      ...queue,
      flows: { ...flows },
      actions: { ...actions },
      latencies_ms: percentiles(latencies.slice(0, Math.min(ends, MOST_LATENCIES)), ends),
    }),
  };
}

function percentiles(values: Float64Array, count: number): Latencies {
  const sorted = values.sort();
  const at = (share: number) => {
    const index = Math.max(0, Math.ceil(share * sorted.length) - 1);
    return Math.round((sorted[index] ?? 0) * 100) / 100;
  };
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
