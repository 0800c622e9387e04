/** A Postgres without disk space (class 53) still answers: does the server say that it cannot work, and notice when it can? */
import { sql } from "kysely";
import { expect, it } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { servedDatabase } from "../../support/postgres.ts";
import { callAction, startServer } from "../server-process.ts";

/** What Postgres says when it can extend no file, at every place where it would. */
async function fillDisk({ db }: OpenDatabase): Promise<void> {
  await sql`
    create function fail_on_row() returns trigger language plpgsql as $$
    begin
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end $$`.execute(db);
  await sql`
    create function fail_on_table() returns event_trigger language plpgsql as $$
    begin
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end $$`.execute(db);
  await sql`
    create trigger full_disk before insert on idempotency_records
    for each row execute function fail_on_row()`.execute(db);
  await sql`
    create event trigger full_disk on ddl_command_start execute function fail_on_table()`.execute(
    db,
  );
}

async function makeRoom({ db }: OpenDatabase): Promise<void> {
  // The event trigger would refuse its own end; those of events are left alone.
  await sql`alter event trigger full_disk disable`.execute(db);
  await sql`drop trigger full_disk on idempotency_records`.execute(db);
}

it("answers 503, says so in readiness, and is ready again when there is room", async () => {
  const database = await servedDatabase();
  const { url } = await startServer("never", {
    DATABASE_URL: database.url,
    ZENDESK_URL: "http://127.0.0.1:9",
  });
  const assign = () =>
    callAction(url, {
      action: "record-assignment",
      key: "event",
      body: { ticket_id: 1, agent_id: 7, group_id: 8, occurred_at: "2026-11-25T08:00:00Z" },
    });
  const readiness = async () => {
    const reply = await fetch(`${url}/health/ready`);
    return { status: reply.status, body: await reply.json() };
  };
  expect((await readiness()).status).toBe(200);

  await fillDisk(database);
  const message = "the database is out of disk space, memory or connections";
  const refused = await assign();
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.body)).toMatchObject({ error: { code: "NOT_READY", message } });
  await expect.poll(readiness).toMatchObject({
    status: 503,
    body: { error: { message, details: { dependencies: { database: "away" } } } },
  });

  await makeRoom(database);
  await expect.poll(readiness).toMatchObject({ status: 200 });
  expect((await assign()).status).toBe(200);
});
