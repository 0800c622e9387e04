/** The real server with its real adapters for two accounts, on a database of its own and remotes that answer at once. */
import { Writable } from "node:stream";
import type { AddressInfo } from "node:net";
import { fastify } from "fastify";
import { onTestFinished } from "vitest";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import { assembleServer } from "#actions-server/assemble";
import { createLog } from "#platform/log";
import { servedDatabase } from "../../support/postgres.ts";
import { storeCaseLinkWebhook, TOKEN_KEYS, WEBHOOK_PATH } from "#test/support/inbound-webhooks";

/** No answer to one may hold anything of the other. */
export const ACCOUNTS = {
  acme: { token: "canary-token-of-acme", ticketId: "7777001" },
  globex: { token: "canary-token-of-globex", ticketId: "8888002" },
} as const;
export type AccountName = keyof typeof ACCOUNTS;

const AT = "2026-03-02T09:15:00Z";
const REQUESTER = { id: 1, name: "canary-name", email: "canary@customer.example", updated_at: AT };

async function startRemotes(): Promise<string> {
  const app = fastify({ forceCloseConnections: true });
  const known = new Set<string>(Object.values(ACCOUNTS).map(({ ticketId }) => ticketId));
  app.post("/oauth/tokens", async () => ({
    access_token: "canary-zendesk-token",
    token_type: "bearer",
    expires_in: 1800,
    scope: "read write",
  }));
  app.addContentTypeParser("*", async () => undefined);
  app.route<{ Params: { name: string } }>({
    method: ["GET", "PUT"],
    url: "/api/v2/tickets/:name",
    handler: async (request, reply) => {
      const id = request.params.name.replace(".json", "");
      if (!known.has(id)) {
        return reply.code(404).send({ error: "RecordNotFound", description: "Not found" });
      }
      const ticket = {
        id: Number(id),
        subject: "canary-subject",
        status: "open",
        requester_id: 1,
        created_at: AT,
        updated_at: AT,
      };
      return { ticket, users: [REQUESTER] };
    },
  });
  app.get("/api/v2/tickets/:id/comments.json", async () => ({
    comments: [{ id: 1, author_id: 1, public: true, body: "canary-comment", created_at: AT }],
    users: [REQUESTER],
    meta: { has_more: false },
  }));
  app.post(WEBHOOK_PATH, async () => ({}));
  app.post("/services/oauth2/token", async (request) => ({
    access_token: "canary-salesforce-token",
    instance_url: `http://${request.headers.host}`,
    token_type: "Bearer",
    issued_at: "1",
  }));
  app.get("/services/data/*", async () => ({ totalSize: 0, done: true, records: [] }));
  await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => app.close());
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** Counts what matters of a log instead of keeping it: a long run writes gigabytes. */
function createWatchedLog() {
  const seen = { lines: 0, errors: [] as string[], canaries: [] as string[] };
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = chunk.toString();
      seen.lines += 1;
      if (/"level":[56]0/.test(line)) seen.errors.push(line);
      if (line.includes("canary")) seen.canaries.push(line);
      done();
    },
  });
  return { log: createLog("debug", sink), seen };
}

export async function startMalformedServer() {
  const origin = await startRemotes();
  const database = await servedDatabase();
  for (const account of Object.keys(ACCOUNTS))
    await storeCaseLinkWebhook(database.db, account, origin);
  const { log, seen } = createWatchedLog();
  const config = loadConfig({
    DATABASE_URL: database.url,
    SERVER_TOKENS: JSON.stringify({
      acme: { bearer: ACCOUNTS.acme.token, basic: "zis:canary-password-of-acme" },
      globex: { bearer: ACCOUNTS.globex.token, api_key: "canary-key-of-globex" },
    }),
    RATE_LIMIT_PER_MINUTE: "0",
    ZENDESK_URL: origin,
    ZENDESK_CLIENT_ID: "caseqa",
    ZENDESK_CLIENT_SECRET: "canary-zendesk-secret",
    SALESFORCE_LOGIN_URL: origin,
    SALESFORCE_CLIENT_ID: "key",
    SALESFORCE_CLIENT_SECRET: "canary-salesforce-secret",
    TOKEN_KEYS,
  });
  const { deps, close } = await assembleServer(config, { log });
  onTestFinished(close);
  // Every connection from here counts as one address; strangers are not what is tested.
  const app = await buildApp({ ...deps, limits: { strangersPerMinute: 1e9, silentMs: 5_000 } });
  onTestFinished(() => app.close());
  await app.listen({ host: "127.0.0.1", port: 0 });
  return { app, port: (app.server.address() as AddressInfo).port, seen };
}
