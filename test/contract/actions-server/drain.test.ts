/** When it must stop while a job runs: does the process let the job end, and leave what does not end to another server? */
import { fastify } from "fastify";
import { sql } from "kysely";
import { describe, expect, it, onTestFinished } from "vitest";
import { MAIN_ENV, startMain } from "../../support/main-process.ts";
import { freshDatabase } from "../../support/postgres.ts";
import { ticketRow, userRow } from "../../unit/actions-server/remotes/zendesk/ticket-samples.ts";
import { storeCaseLinkWebhook, TOKEN_KEYS, WEBHOOK_PATH } from "#test/support/inbound-webhooks";

const CASE = "500000000000001AAA";

/** Zendesk, its webhook and Salesforce in one; the ticket is answered when `answer` is called. */
async function startPlatforms() {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const posted: unknown[] = [];
  const app = fastify({ forceCloseConnections: true });
  app.addContentTypeParser("application/x-www-form-urlencoded", async () => ({}));
  app.get("/api/v2/tickets/:id.json", async () => {
    asked.resolve();
    await gate.promise;
    return { ticket: ticketRow, users: [userRow] };
  });
  app.post(WEBHOOK_PATH, async ({ body }) => {
    posted.push(body);
    return {};
  });
  app.post("/services/oauth2/token", async () => ({
    access_token: "t",
    token_type: "Bearer",
    instance_url: origin,
    id: `${origin}/id/o/u`,
  }));
  app.get("/services/data/v67.0/query", async () => ({
    done: true,
    totalSize: 1,
    records: [{ Id: CASE, CaseNumber: "00000001", Subject: null, Status: "New", IsClosed: false }],
  }));
  onTestFinished(() => app.close());
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return { origin, posted, asked: asked.promise, answer: () => gate.resolve() };
}

async function startWithJob(changes: Record<string, string> = {}) {
  const { db, url: databaseUrl } = await freshDatabase();
  const platforms = await startPlatforms();
  const { origin } = platforms;
  await storeCaseLinkWebhook(db, "acme", origin);
  const server = startMain({
    ...MAIN_ENV,
    DATABASE_URL: databaseUrl,
    ZENDESK_URL: origin,
    ZENDESK_CLIENT_ID: "",
    ZENDESK_CLIENT_SECRET: "",
    ZENDESK_EMAIL: "agent@acme.example",
    ZENDESK_API_TOKEN: "token",
    ZENDESK_ALLOW_API_TOKEN: "true",
    SALESFORCE_LOGIN_URL: origin,
    TOKEN_KEYS,
    ...changes,
  });
  const url = await server.listening();
  const reply = await fetch(`${url}/v1/actions/request-link`, {
    method: "POST",
    headers: {
      authorization: "Bearer token-of-acme-12345",
      "content-type": "application/json",
      "idempotency-key": "event-1",
    },
    body: JSON.stringify({ ticket_id: "12" }),
  });
  expect(reply.status).toBe(200);
  await platforms.asked;
  const jobs = async () => {
    const { rows } = await sql<{ state: string; tries: number }>`
      select state, retry_count as tries from pgboss.job where name = 'resolve-and-link'`.execute(
      db,
    );
    return rows;
  };
  return { ...platforms, ...server, jobs };
}

describe("SIGTERM while a job runs", () => {
  it("lets the job end, then the process, without a fault", async () => {
    const { child, output, closed, answer, posted, jobs } = await startWithJob();
    child.kill("SIGTERM");
    await expect.poll(() => output.stdout).toContain("stopping:");
    expect(await jobs()).toEqual([{ state: "active", tries: 0 }]);
    answer();
    expect(await closed).toEqual([0, null]);
    expect(posted).toEqual([expect.objectContaining({ ticket_id: "12", case_id: CASE })]);
    expect(await jobs()).toEqual([{ state: "completed", tries: 0 }]);
    expect(output.stdout).toContain('"msg":"stopped"');
    expect(output.stderr).toBe("");
  });

  it("leaves a job that does not end in time to another server", async () => {
    const { child, closed, posted, jobs } = await startWithJob({ SHUTDOWN_GRACE_MS: "200" });
    child.kill("SIGTERM");
    expect(await closed).toEqual([0, null]);
    expect(posted).toEqual([]);
    expect(await jobs()).toEqual([{ state: "retry", tries: 0 }]);
  });
});
