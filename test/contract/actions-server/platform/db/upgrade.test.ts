/** Does a database of an earlier release keep its rows when a server of today starts on it? */
import { NEW_IN_4 } from "#contract/settings/migrations";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { migrate, migrateAt } from "#platform/db/migrate";
import type { OpenDatabase } from "#platform/db/open";
import type { Migration } from "#platform/db/migration";
import { MIGRATIONS } from "#platform/db/migrations";
import { appendSettings, readSettingsInForce } from "#subjects/settings/history";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { readSweeps } from "#subjects/sweep/sweep-reports";
import { describeSchema } from "#test/support/describe-schema";
import { emptyDatabase, freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import {
  commentRow,
  conversationOf,
  ticketWithUsers,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";

/** The migrations that the first release had: no later one may stand among them or change one. */
const FIRST_RELEASE: readonly string[] = [
  "idempotency-001-records",
  "qa-001-conversations",
  "qa-002-assignments",
  "qa-003-merges",
  "settings-001-history",
  "webhooks-001-receipts",
  "tokens-001-sealed",
  "tokens-002-renewals",
  "admin-001-sessions",
  "admin-002-inbound-webhooks",
  "admin-003-action-log",
  "sync-001-sweeps",
];

const AT = "'2026-11-20T08:00:00Z'";
const SETTINGS_2 = {
  version: 2,
  revision: 7,
  enabled: true,
  ignore_tags: ["bulk_import"],
  forms: [],
  brands: [],
  groups: [],
  case_number_field_id: 77,
  case_external_id_field: null,
  match_order: ["case_number"],
  on_ambiguous: "note",
  on_unknown_number: "note",
  one_case_per_ticket: true,
  capture_on_solved: true,
  record_assignments: true,
};

/** One row of each table, in the columns of the first release. */
const ROWS: Readonly<Record<string, string>> = {
  idempotency_records: `(account_id, operation, key, fingerprint, state, lease_until, expires_at, status, body)
    values ('acme', 'capture-conversation', 'k', 'f', 'completed', ${AT}, ${AT}, 200, '{"outcome":"captured"}')`,
  qa_conversations: `values ('acme', '12', 'Parcel', 'solved', 'web', '5', '8', '9', '1', null, '2', '{vip}',
    '[{"id":"77","value":"1026"}]', '5005g00000AbCdEAAV', ${AT}, ${AT}, 'epoch', '1', ${AT}, ${AT}, 3, 1, '13')`,
  qa_messages: `values ('acme', '12', '1', '5', true, 'Hello', '<p>Hello</p>', 'web',
    '[{"id":"4","file_name":"a.pdf","content_type":null,"content_url":null,"size":1}]', ${AT}, 0)`,
  qa_people: `values ('acme', '5', 'Rita', 'rita@example.com', 'end-user', ${AT})`,
  qa_assignments: `values ('acme', '12', 'zen:1', '1', '8', '9', ${AT}, ${AT})`,
  qa_merges: `values ('acme', '12', '13', ${AT})`,
  settings_history: `(account_id, revision, document, fingerprint, applied_at)
    values ('acme', 7, '${JSON.stringify(SETTINGS_2)}', 'f', ${AT})`,
  webhook_receipts: `values ('acme', 'signature', ${AT}, null, ${AT})`,
  sealed_tokens: `values ('acme.zendesk.com', 'zendesk', 'sealed', ${AT})`,
  token_renewals: `values ('acme.zendesk.com', 'zendesk', 'credential', ${AT})`,
  app_installations: `values ('acme', '1', '2', 'PEM', ${AT})`,
  app_sessions: `values ('acme', 'hash', '5', 'admin', ${AT}, ${AT}, ${AT})`,
  app_signed_tokens: `values ('acme', 'hash', ${AT})`,
  inbound_webhooks: `values ('acme', 'settings_sync', 'sealed', ${AT})`,
  action_log: `(account_id, at, operation, outcome, failed, duration_ms)
    values ('acme', ${AT}, 'resolve-case', 'matched', false, 12.5)`,
  sweeps: `(account_id, id, reason, dry_run, since, state, requested_at, finished_at, cursor, tickets_looked_at)
    values ('acme', 's', 'hourly', false, ${AT}, 'finished', ${AT}, ${AT}, 'c', 4)`,
  sweep_findings: `values ('acme', 's', '12', 'the conversation is not stored', 'missed', true)`,
  case_lookups: `values ('acme', '12', '5005g00000AbCdEAAV', ${AT})`,
};

/** Of the migrations before they had numbers: how many, and the order of their subjects then. */
const SO_FAR = 20;
const SUBJECTS = ["idempotency", "qa", "settings", "webhooks", "tokens", "admin", "sync", "watch"];

let presentSchema: string;
let database: OpenDatabase;
let before: Map<string, Rows>;

type Rows = Record<string, unknown>[];

async function readAll(names: readonly string[]): Promise<Map<string, Rows>> {
  const tables = new Map<string, Rows>();
  for (const table of names) {
    tables.set(table, (await database.pool.query<Rows[number]>(`select * from ${table}`)).rows);
  }
  return tables;
}

beforeAll(async () => {
  presentSchema = await describeSchema((await freshDatabase()).pool);
});

describe("a database of the first release", () => {
  let tables: string[];

  beforeAll(async () => {
    database = await emptyDatabase();
    await migrate(
      database.db,
      MIGRATIONS.filter((migration) => FIRST_RELEASE.includes(migration.name)),
    );
    const { rows } = await database.pool.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    tables = rows.map(({ name }) => name);
    for (const [table, row] of Object.entries(ROWS)) {
      await database.pool.query(`insert into ${table} ${row}`);
    }
    before = await readAll(Object.keys(ROWS));
    await migrateAt(database.url, silentLog);
  });

  it("has a row in every table of the first release", () => {
    expect(tables.toSorted()).toEqual([...Object.keys(ROWS), "migrations"].toSorted());
  });

  it("keeps every row, but for the clock that said nothing", async () => {
    const after = await readAll(Object.keys(ROWS));
    for (const [table, rows] of before) {
      const [kept] = rows.map(({ source_generated_at: _dropped, ...row }) => row);
      expect(after.get(table), table).toEqual([expect.objectContaining(kept!)]);
    }
  });

  it("reads them as its own", async () => {
    const { db, pool } = database;
    expect(await readSettingsInForce(db, "acme")).toEqual({
      ...SETTINGS_2,
      version: 4,
      sweep_old_tickets: false,
      ...NEW_IN_4,
    });
    expect(await readSweeps(db, "acme", { newest: 5 })).toMatchObject([
      { id: "s", state: "finished", missed: 1, repaired: 1, waits_until: null, message: null },
    ]);
    const { rows } = await pool.query("select kind, data, body from qa_messages");
    expect(rows).toEqual([{ kind: "comment", data: null, body: "Hello" }]);
  });

  it("captures a conversation that the earlier release stored", async () => {
    const { db, pool } = database;
    const at = new Date("2026-11-21T08:00:00Z");
    const found = ticketWithUsers({ id: 12, updated_at: at.toISOString() }, []);
    const conversation = conversationOf(found, [commentRow(1), commentRow(2, { author_id: null })]);
    const snapshot = { conversation, caseId: undefined, observedAt: at, capturedAt: at };
    const stored = await db
      .transaction()
      .execute((trx) => upsertConversation(trx, "acme", snapshot));
    expect(stored).toEqual({ outcome: "stored" });
    const { rows } = await pool.query(
      "select captures, case_id, merged_into, message_count, skipped_rows from qa_conversations",
    );
    expect(rows).toEqual([
      {
        captures: 4,
        case_id: "5005g00000AbCdEAAV",
        merged_into: "13",
        message_count: 2,
        skipped_rows: 0,
      },
    ]);
  });
});

describe("a database that the last release before numbered migrations made and used", () => {
  let applied: readonly string[];

  beforeAll(async () => {
    database = await emptyDatabase();
    const dump = join(import.meta.dirname, "../../../../fixtures/db/6b20749.sql");
    await database.pool.query(await readFile(dump, "utf8"));
    const { rows } = await database.pool.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    before = await readAll(rows.map(({ name }) => name));
    applied = await migrateAt(database.url, silentLog);
  });

  it("gets the migrations that it lacks, and no other", () => {
    expect(applied).toEqual(MIGRATIONS.slice(SO_FAR).map(({ name }) => name));
  });

  it("gets the present form", async () => {
    expect(await describeSchema(database.pool)).toBe(presentSchema);
  });

  it("keeps every row", async () => {
    expect(before.size).toBe(24);
    const after = await readAll([...before.keys()]);
    for (const [table, rows] of before) {
      expect(rows, table).not.toHaveLength(0);
      expect(after.get(table), table).toEqual(
        expect.arrayContaining(rows.map((row) => expect.objectContaining(row) as unknown)),
      );
    }
  });

  it("is read and written by this server", async () => {
    const { db } = database;
    const account = "12514403";
    const settings = await readSettingsInForce(db, account);
    expect(settings).toMatchObject({ revision: 1, version: 4 });
    const entry = {
      settings: { ...settings!, revision: 2 },
      fingerprint: "f",
      appliedAt: new Date(),
    };
    await db.transaction().execute(async (trx) => appendSettings(trx, account, entry));
    expect(await readSettingsInForce(db, account)).toEqual(entry.settings);
    expect(await readSweeps(db, account, { newest: 5 })).toMatchObject([
      { missed: 1, repaired: 1 },
    ]);
  });
});

describe("a database of any earlier commit", () => {
  beforeAll(async () => {
    database = await emptyDatabase();
  });

  it.each([2, 7, 12, 16, 19])(
    "gets the present form when it has the first %i migrations, applied subject by subject",
    async (count) => {
      const { db, pool } = database;
      await pool.query("drop schema public cascade; create schema public");
      const subjectOf = ({ name }: Migration) => SUBJECTS.indexOf(name.replace(/-.*/, ""));
      const then = MIGRATIONS.slice(0, count).toSorted((a, b) => subjectOf(a) - subjectOf(b));
      expect(await migrate(db, then)).toHaveLength(count);
      expect(await migrate(db)).toHaveLength(MIGRATIONS.length - count);
      expect(await describeSchema(pool)).toBe(presentSchema);
    },
  );
});
