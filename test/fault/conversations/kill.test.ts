/** Killed around the writes that only the database sees: does each take effect once, with its record? */
import type { Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import type { OpenDatabase } from "#platform/db/open";
import type { Database } from "#platform/db/schema";
import { servedDatabase } from "../../support/postgres.ts";
import { callAction, startServer } from "../server-process.ts";

let database: OpenDatabase;

beforeAll(async () => {
  database = await servedDatabase();
});

const rowsOf = async (db: Kysely<Database>, table: (typeof WRITES)[number]["table"]) =>
  (await db.selectFrom(table).select("account_id").execute()).length;

const WRITES = [
  {
    action: "record-assignment",
    body: { ticket_id: 1, agent_id: 2, group_id: null, occurred_at: "2026-11-25T08:00:00Z" },
    table: "qa_assignments",
  },
  {
    action: "merge-conversation",
    body: { ticket_id: 1, target_ticket_id: 2 },
    table: "qa_merges",
  },
  {
    action: "record-deletion",
    body: { ticket_id: 3, state: "erased", occurred_at: "2026-11-25T08:00:00Z" },
    table: "qa_deletions",
  },
  {
    action: "record-ticket-event",
    body: { ticket_id: 4, kind: "marked_as_spam", occurred_at: "2026-11-25T08:00:00Z" },
    table: "qa_events",
  },
  {
    action: "apply-settings",
    body: { settings: DEFAULT_SETTINGS },
    table: "settings_history",
  },
] as const;

describe("a server that is killed", () => {
  it.each([
    { point: "before-commit", effects: 0, replayed: false },
    { point: "after-commit", effects: 1, replayed: true },
  ] as const)("$point: every write takes effect once", async ({ point, effects, replayed }) => {
    for (const { table } of WRITES) {
      await database.db.deleteFrom(table).execute();
    }
    const env = { DATABASE_URL: database.url, ZENDESK_URL: "http://127.0.0.1:9" };
    for (const { action, body, table } of WRITES) {
      const call = { action, body, key: `${point} ${action}` };
      const dying = await startServer(point, env);
      await expect(callAction(dying.url, call)).rejects.toThrow("fetch failed");
      await dying.exited;
      expect({ action, rows: await rowsOf(database.db, table) }).toEqual({ action, rows: effects });
    }
    const { url } = await startServer("never", env);
    for (const { action, body, table } of WRITES) {
      const call = { action, body, key: `${point} ${action}` };
      const [second, third] = [await callAction(url, call), await callAction(url, call)];
      expect({ action, ...second }).toMatchObject({ action, status: 200, replayed });
      expect(third).toEqual({ ...second, replayed: true });
      expect({ action, rows: await rowsOf(database.db, table) }).toEqual({ action, rows: 1 });
    }
  });
});
