/** Counts what the server does, for Prometheus. No label holds an account or an id. */
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import type { OperationName } from "../contract/operations.ts";

export interface Metrics {
  readonly registry: Registry;
  /** One finished call of an action. */
  observe(operation: OperationName, status: number, seconds: number): void;
  /** One call that was given a recorded answer. */
  countReplay(operation: OperationName): void;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

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
  return {
    registry,
    observe: (operation, status, seconds) => {
      durations.observe({ operation, status: String(status) }, seconds);
    },
    countReplay: (operation) => {
      replays.inc({ operation });
    },
  };
}

/** GET /metrics, without a credential: keep it off the public network. */
export function registerMetrics(app: FastifyInstance, { registry }: Metrics): void {
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
