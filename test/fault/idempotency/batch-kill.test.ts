/** Killed while one transaction holds the effects of several requests: does each, delivered again, take effect once? */
import { fastify } from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { servedDatabase } from "../../support/postgres.ts";
import { callAction, startServer } from "../server-process.ts";

it("mid-batch: nothing of the batch stays, and every event takes effect once when it comes again", async () => {
  const database = await servedDatabase();
  const zendesk = fastify({ forceCloseConnections: true });
  onTestFinished(() => zendesk.close());
  const env = {
    DATABASE_URL: database.url,
    ZENDESK_URL: await zendesk.listen({ host: "127.0.0.1", port: 0 }),
  };
  const tickets = Array.from({ length: 40 }, (_, at) => at + 1);
  const deliver = (url: string, ticket: number) =>
    callAction(url, {
      action: "record-assignment",
      key: `event-of-${ticket}`,
      body: { ticket_id: ticket, agent_id: 7, group_id: 8, occurred_at: "2026-11-25T08:00:00Z" },
    });
  const recorded = async () => {
    const rows = await database.db.selectFrom("qa_assignments").select("ticket_id").execute();
    return rows.map(({ ticket_id }) => Number(ticket_id)).sort((a, b) => a - b);
  };

  const dying = await startServer("mid-batch", env);
  const first = await Promise.allSettled(tickets.map((ticket) => deliver(dying.url, ticket)));
  expect(await dying.exited).toEqual([null, "SIGKILL"]);
  const answered = first.filter(({ status }) => status === "fulfilled").length;
  expect(answered).toBeLessThan(tickets.length - 1);
  expect((await recorded()).length).toBeLessThan(tickets.length - 1);

  const { url } = await startServer("never", env);
  const again = await Promise.all(tickets.map((ticket) => deliver(url, ticket)));
  expect(again.map(({ status }) => status)).toEqual(tickets.map(() => 200));
  expect(await recorded()).toEqual(tickets);
  const third = await Promise.all(tickets.map((ticket) => deliver(url, ticket)));
  expect(third).toEqual(again.map((reply) => ({ ...reply, replayed: true })));
});
