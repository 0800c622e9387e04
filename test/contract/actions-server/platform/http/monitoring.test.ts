/** Do readiness and metrics cost one look a second however many ask, and may they be kept off the public port? */
import type { FastifyInstance } from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { buildMonitoring } from "#actions-server/app";
import { createMetrics } from "#platform/metrics/metrics";
import { startEdge } from "./edge.ts";

async function start() {
  const clock = { ms: 0 };
  const looks = { database: 0, queues: 0 };
  const database = { isAway: false };
  const metrics = createMetrics();
  metrics.watchQueues(async () => {
    looks.queues += 1;
    return [];
  });
  const { app } = await startEdge({
    metrics,
    clock: () => clock.ms,
    pingDatabase: async () => {
      looks.database += 1;
      if (database.isAway) throw new Error("gone");
    },
  });
  return { app, clock, looks, database };
}

const askMany = (app: FastifyInstance, url: string) =>
  Promise.all(Array.from({ length: 20 }, async () => (await app.inject(url)).statusCode));

describe("readiness and metrics", () => {
  it("look once a second for all who ask", async () => {
    const { app, clock, looks } = await start();
    for (let second = 1; second <= 3; second += 1) {
      for (const url of ["/health/ready", "/metrics"]) {
        expect(new Set(await askMany(app, url))).toEqual(new Set([200]));
        await askMany(app, url);
      }
      expect(looks).toEqual({ database: second, queues: second });
      clock.ms += 1_000;
    }
  });

  it("share a failure for as long, and see the database come back", async () => {
    const { app, clock, looks, database } = await start();
    database.isAway = true;
    expect(new Set(await askMany(app, "/health/ready"))).toEqual(new Set([503]));
    database.isAway = false;
    clock.ms += 999;
    expect((await app.inject("/health/ready")).statusCode).toBe(503);
    clock.ms += 1;
    expect((await app.inject("/health/ready")).statusCode).toBe(200);
    expect(looks.database).toBe(2);
  });
});

describe("a port for monitoring", () => {
  it("takes readiness and metrics off the other one, and outlives it", async () => {
    const { app, deps } = await startEdge({ isMonitoredApart: true });
    let isStopping = false;
    const monitoring = await buildMonitoring(deps, () => isStopping);
    onTestFinished(() => monitoring.close());
    const codes = async (server: FastifyInstance) =>
      Promise.all(
        ["/health/live", "/health/ready", "/metrics", "/openapi.json"].map(
          async (url) => (await server.inject(url)).statusCode,
        ),
      );
    expect(await codes(app)).toEqual([200, 404, 404, 200]);
    expect(await codes(monitoring)).toEqual([200, 200, 200, 404]);
    isStopping = true;
    await app.close();
    const ready = await monitoring.inject("/health/ready");
    expect([ready.statusCode, ready.body.includes("stopping")]).toEqual([503, true]);
  });
});
