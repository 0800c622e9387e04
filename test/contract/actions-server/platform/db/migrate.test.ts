/** Are migrations applied once, in order, whoever starts first? */
import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { migrate } from "#platform/db/migrate";
import type { Migration } from "#platform/db/migration";
import type { OpenDatabase } from "#platform/db/open";
import { MIGRATIONS } from "#platform/db/migrations";
import { freshDatabase } from "#test/support/postgres";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

const step = (name: string, statements: string): Migration => ({ name, sql: statements });

describe("migrate", () => {
  it("has nothing to do on a database of the present form", async () => {
    expect(await migrate(database.db)).toEqual([]);
  });

  it("applies each step once when several processes start at once", async () => {
    const steps = [
      step("a-001", "create table pets (name text); insert into pets values ('Rex')"),
      step("a-002", "alter table pets add age integer; update pets set age = 3"),
    ];
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database.db, steps)));
    expect(applied.flat()).toEqual(["a-001", "a-002"]);
    expect((await database.pool.query("select * from pets")).rows).toEqual([
      { name: "Rex", age: 3 },
    ]);
  });

  it("applies all of what is missing or nothing", async () => {
    const steps = [step("b-001", "create table birds (name text)"), step("b-002", "nonsense")];
    await expect(migrate(database.db, steps)).rejects.toThrow("nonsense");
    const { rows } = await sql<{ birds: unknown }>`select to_regclass('birds') as birds`.execute(
      database.db,
    );
    expect(rows).toEqual([{ birds: null }]);
    expect(await migrate(database.db, steps.slice(0, 1))).toEqual(["b-001"]);
  });

  it("knows each step by a name of its own", () => {
    expect(new Set(MIGRATIONS.map(({ name }) => name)).size).toBe(MIGRATIONS.length);
  });

  it("leads every key of every table with the account", async () => {
    const { rows } = await database.pool.query<{ relation: string; first: string }>(`
      select c.relname as relation, a.attname as first
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where i.indisprimary and c.relname in ('idempotency_records', 'qa_conversations', 'qa_messages', 'qa_people')`);
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map(({ first }) => first))).toEqual(new Set(["account_id"]));
  });
});
