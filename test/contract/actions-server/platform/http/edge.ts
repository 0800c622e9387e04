/** The server's HTTP edge with handlers that do nothing: two accounts, a log to look at, stopped with the test. */
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { Writable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { onTestFinished } from "vitest";
import { buildApp, type AppDeps } from "#actions-server/app";
import type { ActionContext, ActionHandlers } from "#platform/http/handlers";
import { createIdentify } from "#platform/http/auth";
import { parseCallers } from "#platform/http/callers";
import { createMetrics } from "#platform/metrics/metrics";
import { createLog } from "#platform/log";

export const ACME = "token-of-acme-12345";
export const GLOBEX = "token-of-globex-123";
export const ACME_KEY = "api-key-of-acme-123";
export const RESOLVE = "/v1/actions/resolve-case";
export const CAPTURE = "/v1/actions/capture-conversation";

let lastId = 0;

export const newKey = () => `key-${(lastId += 1)}`;

const notCalled = async (): Promise<never> => {
  throw new Error("this is not under test here");
};

export interface EdgeChanges extends Partial<Omit<AppDeps, "actions">> {
  /** Instead of those that do nothing. */
  readonly actions?: Partial<ActionHandlers>;
}

/** Without a database: give `runOnce` to test writes. capture-conversation stands for them all. */
export async function startEdge({ actions, ...changes }: EdgeChanges = {}) {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const contexts: ActionContext[] = [];
  const credentials = parseCallers(
    JSON.stringify({ acme: { bearer: ACME, api_key: ACME_KEY }, globex: GLOBEX }),
  );
  if (typeof credentials === "string") throw new Error(credentials);
  const deps: AppDeps = {
    log: createLog("trace", sink),
    newId: () => `id-${(lastId += 1)}`,
    identify: createIdentify(credentials, "x-api-key"),
    apiKeyHeader: "x-api-key",
    rateLimitPerMinute: 0,
    trustedProxies: [],
    metrics: createMetrics(),
    pingDatabase: async () => {},
    runOnce: notCalled,
    now: () => new Date(),
    actions: {
      "resolve-case": async ({ ticket_id }, context) => {
        contexts.push(context);
        return {
          outcome: "none",
          ticket_id: String(ticket_id),
          case_id: null,
          reason: "no_candidate",
        };
      },
      "capture-conversation": async ({ ticket_id }, context) => {
        contexts.push(context);
        return { answer: { outcome: "accepted", ticket_id: String(ticket_id) } };
      },
      "annotate-ticket": notCalled,
      "apply-settings": notCalled,
      "merge-conversation": notCalled,
      "record-assignment": notCalled,
      "record-deletion": notCalled,
      "record-satisfaction": notCalled,
      "record-ticket-event": notCalled,
      "request-link": notCalled,
      ...actions,
    },
    ...changes,
  };
  const app = await buildApp(deps);
  onTestFinished(() => app.close());
  return { app, deps, lines, contexts };
}

/** As acme, unless the headers say otherwise. */
export function post(
  app: FastifyInstance,
  url: string,
  payload: string | object | undefined,
  headers: Record<string, string> = {},
) {
  return app.inject({
    method: "POST",
    url,
    headers: { authorization: `Bearer ${ACME}`, "content-type": "application/json", ...headers },
    ...(payload !== undefined && { payload }),
  });
}

/** A connection to an app that listens, and what came back on it. */
export async function openSocket(app: FastifyInstance) {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const received = { text: "" };
  socket.setEncoding("utf8").on("data", (chunk: string) => (received.text += chunk));
  // A server that cuts the connection is what is tested here.
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  return { socket, received, closed };
}

export interface ErrorBody {
  readonly error: { readonly code: string; readonly retryable: boolean };
}

/** Of an answer with its head. */
export function errorIn(text: string): ErrorBody["error"] {
  return (JSON.parse(text.split("\r\n\r\n")[1] ?? "") as ErrorBody).error;
}
