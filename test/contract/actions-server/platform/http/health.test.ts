/** Does readiness name what is missing, and distinguish what the server can do without from what it needs? */
import { fastify } from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { AppError } from "#platform/errors";
import { registerReadiness } from "#platform/http/health";

type Ping = () => Promise<void>;

const answers: Ping = async () => {};
const isAway: Ping = async () => {
  throw new Error("connection refused");
};

async function ready({ database = answers, redis = answers, isStopping = false }) {
  const app = fastify();
  onTestFinished(() => app.close());
  app.setErrorHandler((error, _request, reply) =>
    error instanceof AppError
      ? reply.code(error.status).send({ message: error.message, details: error.details })
      : reply.code(500).send(),
  );
  registerReadiness(app, {
    clock: () => 0,
    probes: [
      { name: "database", isNeeded: true, ping: database },
      { name: "redis", isNeeded: false, ping: redis },
    ],
    isStopping: () => isStopping,
  });
  const reply = await app.inject("/health/ready");
  return { status: reply.statusCode, body: reply.json<unknown>() };
}

describe("readiness", () => {
  it("names all that it stands on", async () => {
    expect(await ready({})).toEqual({
      status: 200,
      body: { status: "ok", dependencies: { database: "ok", redis: "ok" } },
    });
  });

  it("is degraded without what is not needed", async () => {
    expect(await ready({ redis: isAway })).toEqual({
      status: 200,
      body: { status: "degraded", dependencies: { database: "ok", redis: "away" } },
    });
  });

  it.each<[string, Ping]>([
    ["away", isAway],
    ["silent", () => new Promise(() => {})],
  ])("names the database that is %s", async (_name, database) => {
    expect(await ready({ database })).toEqual({
      status: 503,
      body: {
        message: "the database does not answer",
        details: { dependencies: { database: "away", redis: "ok" } },
      },
    });
  });

  it("ends when the server stops", async () => {
    expect(await ready({ isStopping: true })).toMatchObject({
      status: 503,
      body: { message: "the server is stopping" },
    });
  });
});
