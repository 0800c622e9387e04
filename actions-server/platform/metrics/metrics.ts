/** Counts what the server does, for Prometheus. No label holds an account or an id. */
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { OperationName } from "#contract/actions/operations";
import type { QueueDepth } from "../jobs/queue.ts";
import { shareLook } from "../http/share-look.ts";

export interface Metrics {
  readonly registry: Registry;
  observe(operation: OperationName, status: number, seconds: number): void;
  /** One call that was given a recorded answer. */
  countReplay(operation: OperationName): void;
  /** One token that was asked for, of `zendesk` or `salesforce`. */
  countTokenRefresh(remote: string, outcome: "granted" | "failed"): void;
  /** How many calls of ours a limit's window has left. */
  setBudgetLeft(remote: string, limit: string, left: number): void;
  /** The last report of each limit. */
  budgetLeft(): Promise<{ remote: string; limit: string; left: number }[]>;
  /** A circuit breaker opened or closed: how many are open now. */
  setOpenCircuits(remote: string, open: number): void;
  /** One use of Redis that failed. */
  countRedisMiss(): void;
  /** One piece of work whose record went to another holder before it was done. */
  countLeaseLost(operation: string): void;
  /** One wait for another holder of a key, between two looks at it. */
  observeWait(operation: string, seconds: number): void;
  /** From when an event happened in Zendesk to when its work begins here. */
  observeLag(operation: OperationName, seconds: number): void;
  /** Rows of the action log that were lost, because the database was away or too slow. */
  countLogDropped(rows: number): void;
  /** Parts of conversations that came in a form that could not be kept. */
  countSkippedRows(rows: number): void;
  /** One reading of a conversation that is kept where we may not read. */
  countUnreadableConversation(): void;
  /** Called at every scrape; while it fails, the queues have no metrics. */
  watchQueues(read: () => Promise<readonly QueueDepth[]>): void;
  /** Asked at every scrape; while it fails, the metric is not shown. */
  watchOwedTickets(read: () => Promise<number>): void;
  /** One refused request, by the code of the error table and the kind of its credential. */
  countRefusal(reason: string, callerKind: string): void;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** An event may be hours late. */
const LAG_BUCKETS = [1, 2, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "caseqa_action_duration_seconds",
    help: "Time from the request's arrival to its answer; the count is the number of requests.",
    labelNames: ["operation", "status"] as const,
    buckets: BUCKETS,
    registers: [registry],
  });
  const replays = new Counter({
    name: "caseqa_action_replays_total",
    help: "Calls that were given a recorded answer.",
    labelNames: ["operation"] as const,
    registers: [registry],
  });
  const refusals = new Counter({
    name: "caseqa_refusals_total",
    help: "Requests that were refused, by the code of the answer and the kind of credential shown.",
    labelNames: ["reason", "caller_kind"] as const,
    registers: [registry],
  });
  const redisMisses = new Counter({
    name: "caseqa_redis_misses_total",
    help: "Uses of Redis that had to do without, because it was away, slow or refused.",
    registers: [registry],
  });
  const tokenRefreshes = new Counter({
    name: "caseqa_token_refreshes_total",
    help: "Access tokens that were asked for, by remote system and outcome.",
    labelNames: ["remote", "outcome"] as const,
    registers: [registry],
  });
  const budgetLeft = new Gauge({
    name: "caseqa_remote_budget_left",
    help: "Calls that we may still make in the window of a remote system's limit.",
    labelNames: ["remote", "limit"] as const,
    registers: [registry],
  });
  const circuitOpen = new Gauge({
    name: "caseqa_remote_circuit_open",
    help: "Kinds of calls that a remote system is spared, because they failed again and again.",
    labelNames: ["remote"] as const,
    registers: [registry],
  });
  const leasesLost = new Counter({
    name: "caseqa_idempotency_leases_lost_total",
    help: "Work whose record went to another holder before it was done; their answer counts.",
    labelNames: ["operation"] as const,
    registers: [registry],
  });
  const waits = new Counter({
    name: "caseqa_idempotency_wait_seconds_total",
    help: "Time that calls waited for another holder of their key.",
    labelNames: ["operation"] as const,
    registers: [registry],
  });
  const lag = new Histogram({
    name: "caseqa_event_lag_seconds",
    help: "From when an event happened in Zendesk to its work, where the call gives its time.",
    labelNames: ["operation"] as const,
    buckets: LAG_BUCKETS,
    registers: [registry],
  });
  const logDropped = new Counter({
    name: "caseqa_action_log_dropped_total",
    help: "Entries of the administrators' log that were lost, because the database was away or slow.",
    registers: [registry],
  });
  const skippedRows = new Counter({
    name: "caseqa_conversation_rows_skipped_total",
    help: "Parts of conversations that Zendesk sent in a form that could not be kept.",
    registers: [registry],
  });
  const unreadable = new Counter({
    name: "caseqa_conversations_unreadable_total",
    help: "Readings of conversations that Zendesk keeps where the server may not read them.",
    registers: [registry],
  });
  return {
    registry,
    countSkippedRows: (rows) => {
      skippedRows.inc(rows);
    },
    countUnreadableConversation: () => {
      unreadable.inc();
    },
    countLogDropped: (rows) => {
      logDropped.inc(rows);
    },
    countLeaseLost: (operation) => {
      leasesLost.inc({ operation });
    },
    observeWait: (operation, seconds) => {
      waits.inc({ operation }, seconds);
    },
    observeLag: (operation, seconds) => {
      lag.observe({ operation }, Math.max(0, seconds));
    },
    watchQueues: (read) => registerQueueGauges(registry, read),
    watchOwedTickets: (read) => registerOwedGauge(registry, read),
    countTokenRefresh: (remote, outcome) => {
      tokenRefreshes.inc({ remote, outcome });
    },
    setBudgetLeft: (remote, limit, left) => {
      budgetLeft.set({ remote, limit }, left);
    },
    budgetLeft: async () => {
      const { values } = await budgetLeft.get();
      return values.map(({ labels, value }) => ({
        remote: String(labels.remote),
        limit: String(labels.limit),
        left: value,
      }));
    },
    setOpenCircuits: (remote, open) => {
      circuitOpen.set({ remote }, open);
    },
    observe: (operation, status, seconds) => {
      durations.observe({ operation, status: String(status) }, seconds);
    },
    countReplay: (operation) => {
      replays.inc({ operation });
    },
    countRedisMiss: () => {
      redisMisses.inc();
    },
    countRefusal: (reason, callerKind) => {
      refusals.inc({ reason, caller_kind: callerKind });
    },
  };
}

function registerQueueGauges(registry: Registry, read: () => Promise<readonly QueueDepth[]>): void {
  // The gauges of one scrape are collected at once: they share one look at the queues.
  let reading: Promise<readonly QueueDepth[] | undefined> | undefined;
  const readOnce = () =>
    (reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      }));
  const add = (name: string, help: string, valueOf: (depth: QueueDepth) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["queue"],
      registers: [registry],
      async collect() {
        const depths = (await readOnce()) ?? [];
        this.reset();
        for (const depth of depths) this.set({ queue: depth.queue }, valueOf(depth));
      },
    });
  add("caseqa_jobs_open", "Jobs that wait or run.", ({ open }) => open);
  add("caseqa_jobs_dead", "Jobs that were given up.", ({ dead }) => dead);
  add(
    "caseqa_jobs_oldest_seconds",
    "Age of the oldest job that waits or runs; 0: there is none.",
    ({ oldestSeconds }) => oldestSeconds,
  );
  const readable = new Gauge({
    name: "caseqa_jobs_readable",
    help: "1 when the queues could be read for this scrape.",
    registers: [registry],
    async collect() {
      this.set((await readOnce()) ? 1 : 0);
    },
  });
  readable.set(0);
}

function registerOwedGauge(registry: Registry, read: () => Promise<number>): void {
  const gauge = new Gauge({
    name: "caseqa_sweep_owed_tickets",
    help: "Tickets that sweeps could not finish and ask for again.",
    registers: [],
    async collect() {
      const owed = await read().catch(() => undefined);
      if (owed === undefined) this.remove();
      else this.set(owed);
    },
  });
  registry.registerMetric(gauge);
}

/**
 * GET /metrics, without a credential: keep it off the public network. Collected once a second at most. `clock` counts
 * milliseconds that only grow.
 */
export function registerMetrics(
  app: FastifyInstance,
  { registry }: Metrics,
  clock: () => number,
): void {
  const collect = shareLook(() => registry.metrics(), clock);
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await collect()),
  );
}
