/** A promised look-up that finds several cases, with the server killed as it notifies: are the agents notified once? */
import { fastify } from "fastify";
import { sql } from "kysely";
import { describe, expect, it, onTestFinished } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { servedDatabase } from "../../support/postgres.ts";
import { callAction, startServer } from "../server-process.ts";
import { openZendesk } from "./open-zendesk.ts";
import { storeCaseLinkWebhook, TOKEN_KEYS } from "#test/support/inbound-webhooks";

const TICKET = "1001";

/** An org in which every look-up finds the same two cases. */
async function startOrg(): Promise<string> {
  const app = fastify({ forceCloseConnections: true });
  app.addContentTypeParser("application/x-www-form-urlencoded", async () => ({}));
  app.post("/services/oauth2/token", () => ({
    access_token: "t",
    token_type: "Bearer",
    instance_url: origin,
    id: `${origin}/id/o/u`,
  }));
  app.get("/services/data/v67.0/query", () => ({
    done: true,
    totalSize: 2,
    records: [1, 2].map((number) => ({
      Id: `50000000000000${number}AAA`,
      CaseNumber: `0000000${number}`,
      Subject: null,
      Status: "New",
      IsClosed: false,
    })),
  }));
  onTestFinished(() => app.close());
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return origin;
}

async function startPlatforms() {
  const { db, url } = await servedDatabase();
  const { zendesk, app, credentials } = openZendesk();
  let onWritten: (() => void) | undefined;
  // The change is made; the server dies before it hears of it.
  app.addHook("onSend", async (request) => {
    if (request.method !== "PUT" || !onWritten) return;
    onWritten();
    onWritten = undefined;
    await new Promise(() => {});
  });
  await app.register(zendesk.routes);
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  await storeCaseLinkWebhook(db, "acme", origin);
  const env = {
    DATABASE_URL: url,
    ZENDESK_URL: origin,
    ...credentials,
    SALESFORCE_LOGIN_URL: await startOrg(),
    TOKEN_KEYS,
  };
  const ticket = () => zendesk.tickets.get(TICKET)!;
  const jobStates = async () => {
    const { rows } = await sql<{ state: string }>`
      select state from pgboss.job where name = 'resolve-and-link'`.execute(db);
    return rows.map(({ state }) => state);
  };
  return {
    env,
    db,
    atNextWrite: (act: () => void) => (onWritten = act),
    notes: () => ticket().comments.filter(({ body }) => body.startsWith("CaseQA")),
    tags: () => ticket().tags.filter((tag) => tag === "caseqa_ambiguous_case"),
    /** Every promise was kept. */
    untilDone: () =>
      expect.poll(async () => new Set(await jobStates())).toEqual(new Set(["completed"])),
  };
}

const promise = (url: string, key: string) =>
  callAction(url, {
    action: "request-link",
    key,
    body: { ticket_id: TICKET, match_order: ["requester_email"] },
  });

const apply = (url: string, changes: object) =>
  callAction(url, {
    action: "apply-settings",
    key: crypto.randomUUID(),
    body: { settings: { ...DEFAULT_SETTINGS, ...changes } },
  });

describe("the agents of a ticket with several cases", () => {
  it.each(["note", "tag"] as const)(
    "are notified once by a %s although the server is killed when Zendesk has taken it",
    async (telling) => {
      const { env, db, atNextWrite, notes, tags, untilDone } = await startPlatforms();
      const dying = await startServer("never", env);
      await apply(dying.url, { on_ambiguous: telling });
      atNextWrite(dying.kill);
      expect((await promise(dying.url, "event-1")).status).toBe(200);
      expect(await dying.exited).toEqual([null, "SIGKILL"]);
      expect(notes().length + tags().length).toBe(1);
      // As if the time had passed after which a silent server's job is taken over.
      await sql`update pgboss.job set started_on = started_on - interval '1 hour' where state = 'active'`.execute(
        db,
      );

      await startServer("never", env);
      await untilDone();
      expect(telling === "note" ? notes() : tags()).toHaveLength(1);
      expect(notes().length + tags().length).toBe(1);
    },
  );

  it("are notified once when the event is delivered again and its flow finds the cases by itself", async () => {
    const { env, notes, untilDone } = await startPlatforms();
    const { url } = await startServer("never", env);
    await Promise.all([promise(url, "event-1"), promise(url, "event-1")]);
    await untilDone();
    expect(notes()).toHaveLength(1);
    expect(notes()[0]?.body).toContain("00000002");
    const again = await callAction(url, {
      action: "annotate-ticket",
      key: "event-1",
      body: { ticket_id: TICKET, telling: "note", reason: "ambiguous_case" },
    });
    expect(JSON.parse(again.body)).toEqual({ outcome: "already_there", ticket_id: TICKET });
    expect(notes()).toHaveLength(1);
  });

  it.each([{ on_ambiguous: "nothing" }, { enabled: false }])(
    "are left alone with the settings %j",
    async (changes) => {
      const { env, notes, tags, untilDone } = await startPlatforms();
      const { url } = await startServer("never", env);
      await apply(url, changes);
      await promise(url, "event-1");
      await untilDone();
      expect([notes(), tags()]).toEqual([[], []]);
    },
  );
});
