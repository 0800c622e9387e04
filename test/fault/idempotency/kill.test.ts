/** Killed between effect and answer, or before: does the event, delivered again, take effect once? */
import { fastify } from "fastify";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { servedDatabase } from "../../support/postgres.ts";
import {
  commentRow,
  ticketRow,
  userRow,
} from "../../unit/actions-server/remotes/zendesk/ticket-samples.ts";
import { callAction, startServer as startProcess } from "../server-process.ts";
import type { CrashPoint } from "./crashing-server.ts";

let database: OpenDatabase;

beforeAll(async () => {
  database = await servedDatabase();
});

/** Zendesk with whatever ticket is asked for. */
async function startZendesk(): Promise<string> {
  const app = fastify({ forceCloseConnections: true });
  app.get<{ Params: { id: string } }>("/api/v2/tickets/:id.json", ({ params }) => ({
    ticket: { ...ticketRow, id: Number(params.id) },
    users: [userRow],
  }));
  app.get("/api/v2/tickets/:id/comments.json", () => ({
    comments: [commentRow(1), commentRow(2)],
    users: [userRow],
    meta: { has_more: false },
  }));
  onTestFinished(() => app.close());
  return app.listen({ host: "127.0.0.1", port: 0 });
}

const startServer = (zendeskUrl: string, crashAt: CrashPoint) =>
  startProcess(crashAt, { DATABASE_URL: database.url, ZENDESK_URL: zendeskUrl });

const deliver = (serverUrl: string, ticketId: number) =>
  callAction(serverUrl, {
    action: "capture-conversation",
    key: `event-of-${ticketId}`,
    body: { ticket_id: ticketId },
  });

/** How often a capture of the ticket took effect. */
async function countCaptures(ticketId: number): Promise<number> {
  const row = await database.db
    .selectFrom("qa_conversations")
    .select("captures")
    .where("ticket_id", "=", String(ticketId))
    .executeTakeFirst();
  return row?.captures ?? 0;
}

async function readRecordedBody(ticketId: number): Promise<string | null> {
  const row = await database.db
    .selectFrom("idempotency_records")
    .select("body")
    .where("key", "=", `event-of-${ticketId}`)
    .executeTakeFirstOrThrow();
  return row.body;
}

describe("a server that is killed", () => {
  it.each([
    { point: "after-claim", ticketId: 101, effects: 0, replayed: false },
    { point: "before-commit", ticketId: 102, effects: 0, replayed: false },
    { point: "after-commit", ticketId: 103, effects: 1, replayed: true },
  ] as const)(
    "$point: the same event, delivered again, takes effect once and has one answer",
    async ({ point, ticketId, effects, replayed }) => {
      const zendeskUrl = await startZendesk();
      const dying = await startServer(zendeskUrl, point);
      await expect(deliver(dying.url, ticketId)).rejects.toThrow("fetch failed");
      expect(await dying.exited).toEqual([null, "SIGKILL"]);
      expect(await countCaptures(ticketId)).toBe(effects);

      const { url } = await startServer(zendeskUrl, "never");
      const second = await deliver(url, ticketId);
      expect(second).toMatchObject({ status: 200, replayed });
      expect(second.body).toBe(await readRecordedBody(ticketId));
      expect(JSON.parse(second.body)).toMatchObject({ outcome: "captured", messages: 2 });
      expect(await deliver(url, ticketId)).toEqual({ ...second, replayed: true });
      expect(await countCaptures(ticketId)).toBe(1);
    },
  );

  it("leaves its work to a server at which a duplicate already waits", async () => {
    const zendeskUrl = await startZendesk();
    const [dying, survivor] = await Promise.all([
      startServer(zendeskUrl, "before-commit"),
      startServer(zendeskUrl, "never"),
    ]);
    const first = deliver(dying.url, 104);
    const lost = expect(first).rejects.toThrow("fetch failed");
    await dying.exited;
    const duplicates = await Promise.all([deliver(survivor.url, 104), deliver(survivor.url, 104)]);
    await lost;
    expect(duplicates.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(duplicates.map(({ replayed }) => replayed))).toEqual(new Set([false, true]));
    expect(duplicates[0]?.body).toBe(duplicates[1]?.body);
    expect(await countCaptures(104)).toBe(1);
  });
});
