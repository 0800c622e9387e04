/** Killed around the promise of a link: is it asked for when, and only when, the promise was recorded? */
import { fastify } from "fastify";
import { sql } from "kysely";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { CaseLinkRequestedEvent } from "#contract/webhooks";
import type { OpenDatabase } from "#platform/db/open";
import { servedDatabase } from "../../support/postgres.ts";
import { ticketRow, userRow } from "../../unit/actions-server/remotes/zendesk/ticket-samples.ts";
import { callAction, startServer } from "../server-process.ts";
import { storeCaseLinkWebhook, TOKEN_KEYS, WEBHOOK_PATH } from "#test/support/inbound-webhooks";

const CASE = "500000000000001AAA";

let database: OpenDatabase;

beforeAll(async () => {
  database = await servedDatabase();
});

/** Zendesk with any ticket and its inbound webhook, and a Salesforce that is away until `comeBack`. */
async function startPlatforms() {
  const posted: CaseLinkRequestedEvent[] = [];
  let isAway = true;
  const app = fastify({ forceCloseConnections: true });
  app.addContentTypeParser("application/x-www-form-urlencoded", async () => ({}));
  app.get<{ Params: { id: string } }>("/api/v2/tickets/:id.json", ({ params }) => ({
    ticket: { ...ticketRow, id: Number(params.id) },
    users: [userRow],
  }));
  app.post<{ Body: CaseLinkRequestedEvent }>(WEBHOOK_PATH, ({ body }) => {
    posted.push(body);
    return {};
  });
  app.post("/services/oauth2/token", async (_request, reply) =>
    isAway
      ? reply.code(503).send({})
      : { access_token: "t", token_type: "Bearer", instance_url: origin, id: `${origin}/id/o/u` },
  );
  app.get("/services/data/v67.0/query", () => ({
    done: true,
    totalSize: 1,
    records: [{ Id: CASE, CaseNumber: "00000001", Subject: null, Status: "New", IsClosed: false }],
  }));
  onTestFinished(() => app.close());
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  const env = {
    DATABASE_URL: database.url,
    ZENDESK_URL: origin,
    SALESFORCE_LOGIN_URL: origin,
    TOKEN_KEYS,
  };
  const store = () => storeCaseLinkWebhook(database.db, "acme", origin);
  return { env, posted, store, comeBack: () => (isAway = false) };
}

/** The dead server may have begun with the job, which is given up when its time-out ends: as if that were now. */
const endTimeouts = () =>
  sql`update pgboss.job set started_on = started_on - interval '1 hour' where state = 'active'`.execute(
    database.db,
  );

const promise = (url: string, key: string, ticketId: number) =>
  callAction(url, { action: "request-link", key, body: { ticket_id: ticketId } });

describe("a promised link", () => {
  it.each([
    { point: "before-commit", ticketId: 1, replayed: false },
    { point: "after-commit", ticketId: 2, replayed: true },
  ] as const)(
    "of a server that is killed $point is asked for once Salesforce is back",
    async ({ point, ticketId, replayed }) => {
      const { env, posted, store, comeBack } = await startPlatforms();
      await store();
      const dying = await startServer(point, env);
      await expect(promise(dying.url, point, ticketId)).rejects.toThrow("fetch failed");
      expect(await dying.exited).toEqual([null, "SIGKILL"]);
      await endTimeouts();

      const { url } = await startServer("never", env);
      const second = await promise(url, point, ticketId);
      expect(second).toMatchObject({ status: 200, replayed });
      expect(JSON.parse(second.body)).toEqual({
        outcome: "accepted",
        ticket_id: String(ticketId),
      });
      expect(posted).toEqual([]);
      comeBack();
      await expect.poll(() => posted.length).toBeGreaterThan(0);
      expect(posted[0]).toEqual({
        event_id: expect.stringMatching(/^link-[0-9a-f]{32}$/) as string,
        action: "link",
        ticket_id: String(ticketId),
        case_id: CASE,
      });
      expect(new Set(posted.map(({ event_id: id }) => id)).size).toBe(1);
    },
  );

  it("is refused by a server that could not ask for it", async () => {
    const { env } = await startPlatforms();
    await database.db.deleteFrom("inbound_webhooks").execute();
    const { url } = await startServer("never", env);
    const refused = await promise(url, "refused", 3);
    expect(refused.status).toBe(501);
    expect(JSON.parse(refused.body)).toMatchObject({
      error: { code: "WEBHOOK_NOT_CONFIGURED", retryable: false },
    });
  });
});
