/** Are migrations applied once, in order, whoever starts first? */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { migrate } from "#platform/db/migrate";
import type { Migration } from "#platform/db/migration";
import type { OpenDatabase } from "#platform/db/open";
import { MIGRATIONS } from "#platform/db/migrations";
import { freshDatabase } from "#test/support/postgres";

const FOLDER = join(import.meta.dirname, "../../../../../actions-server/platform/db/migrations");
/** So many steps were named by their subjects before they had numbers. */
const NAMED_BY_SUBJECT = 20;

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

const step = (name: string, statements: string): Migration => ({ name, sql: statements });
const index = (name: string, concurrentIndex: string, on: string): Migration => ({
  name,
  sql: `create index concurrently if not exists ${concurrentIndex} on ${on}`,
  concurrentIndex,
});

async function existing(...tables: string[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "select name from unnest($1::text[]) as name where to_regclass(name) is not null",
    [tables],
  );
  return rows.map(({ name }) => name);
}

async function isValid(indexName: string): Promise<boolean | undefined> {
  const { rows } = await database.pool.query<{ valid: boolean }>(
    "select indisvalid as valid from pg_index where indexrelid = to_regclass($1)",
    [indexName],
  );
  return rows[0]?.valid;
}

/** Waits until a statement with these words has begun to wait in its turn, and ends its connection. */
async function killWhoeverRuns(words: string): Promise<void> {
  const kill = `
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event is not null and state = 'active'
      and position($1 in query) > 0 and pid <> pg_backend_pid()`;
  await vi.waitFor(
    async () => expect((await database.pool.query(kill, [words])).rows).toHaveLength(1),
    { timeout: 60_000 },
  );
}

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

  it("keeps the steps before one that fails, and nothing of that one", async () => {
    const steps = [
      step("b-001", "create table birds (name text)"),
      step("b-002", "create table nests (name text); nonsense"),
      step("b-003", "create table eggs (name text)"),
    ];
    const failure = migrate(database.db, steps);
    await expect(failure).rejects.toThrow("the migration b-002 fails: ");
    await expect(failure).rejects.toThrow("nonsense");
    expect(await existing("birds", "nests", "eggs")).toEqual(["birds"]);
    steps[1] = step("b-002", "create table nests (name text)");
    expect(await migrate(database.db, steps)).toEqual(["b-002", "b-003"]);
  });

  it("goes on after the step at which another process was killed", async () => {
    const steps = [
      step("c-001", "create table cats (name text)"),
      step("c-002", "create table toys (name text); select pg_sleep(600)"),
    ];
    const first = migrate(database.db, steps);
    const failure = expect(first).rejects.toThrow("the migration c-002 fails: ");
    await killWhoeverRuns("pg_sleep(600)");
    await failure;
    expect(await existing("cats", "toys")).toEqual(["cats"]);
    steps[1] = step("c-002", "create table toys (name text)");
    expect(await migrate(database.db, steps)).toEqual(["c-002"]);
  });

  it("builds an index while others wait for their turn", async () => {
    await database.pool.query("create table dogs (name text)");
    const steps = [
      index("d-001", "dogs_by_name", "dogs (name)"),
      step("d-002", "alter table dogs add age integer"),
    ];
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database.db, steps)));
    expect(applied.flat()).toEqual(["d-001", "d-002"]);
    expect(await isValid("dogs_by_name")).toBe(true);
  });

  it("builds an index anew that a killed process left unfinished", async () => {
    await database.pool.query("create table emus (name text)");
    const steps = [index("e-001", "emus_by_name", "emus (name)")];
    const writer = await database.pool.connect();
    await writer.query("begin; insert into emus values ('Edna')");
    const failure = expect(migrate(database.db, steps)).rejects.toThrow("e-001");
    await killWhoeverRuns("emus_by_name");
    await failure;
    await writer.query("commit");
    writer.release();
    expect(await isValid("emus_by_name")).toBe(false);
    expect(await migrate(database.db, steps)).toEqual(["e-001"]);
    expect(await isValid("emus_by_name")).toBe(true);
    expect(await migrate(database.db, steps)).toEqual([]);
  });

  it("takes an index as it is that was built but not recorded", async () => {
    const steps = [index("f-001", "frogs_by_name", "frogs (name)")];
    await database.pool.query(
      "create table frogs (name text); create index frogs_by_name on frogs (name)",
    );
    const id = "select 'frogs_by_name'::regclass::oid as id";
    const before = await database.pool.query(id);
    expect(await migrate(database.db, steps)).toEqual(["f-001"]);
    expect((await database.pool.query(id)).rows).toEqual(before.rows);
  });

  it("has one file for each step, in one row of numbers, recorded by the file's name unless older", async () => {
    const files = (await readdir(FOLDER)).map((file) => file.replace(/\.ts$/, "")).toSorted();
    expect(files).toHaveLength(MIGRATIONS.length);
    for (const [at, file] of files.entries()) {
      expect(file).toMatch(new RegExp(`^${String(at + 1).padStart(4, "0")}-[a-z-]+$`));
      const loaded = (await import(join(FOLDER, `${file}.ts`))) as Record<string, Migration>;
      expect(Object.values(loaded), file).toEqual([MIGRATIONS[at]]);
      if (at >= NAMED_BY_SUBJECT) expect(MIGRATIONS[at]!.name).toBe(file);
    }
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
