/** Stores attributes' values, forgets them, and reads them. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { AttributeSubject } from "#contract/attributes/definition";
import type { AttributeValue } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import { storableJson } from "#platform/db/storable";
import type { ActiveDefinition, ReadActive } from "./active-definitions.ts";
import { shareValues } from "./locks.ts";
import { readRows, type SubjectRow } from "./source-rows.ts";
import { readSeen } from "./seen-raw.ts";
import { toValueRow, type ValueRow } from "./value-row.ts";

/** Tickets and people by their ids. */
interface Subjects {
  readonly tickets?: readonly string[];
  readonly users?: readonly string[];
}

interface NamedValue {
  readonly attribute_id: string;
  readonly name: string;
  readonly label: string;
  readonly value: AttributeValue;
}

/** What other subjects are handed. */
export interface AttributeValues {
  /**
   * Computes the values of tickets and people as they stand in the store now. Once a transaction, after its last change of them:
   * what comes second waits for who changes a definition.
   */
  readonly store: (
    trx: Transaction<Database>,
    account: string,
    subjects: Subjects,
  ) => Promise<void>;
  /** Of what is erased: raw values too. */
  readonly forget: (
    trx: Transaction<Database>,
    account: string,
    subjects: Subjects,
  ) => Promise<void>;
  /** The values in force, by the ids that have any; each in the order of the names. */
  readonly valuesOf: (
    db: Kysely<Database>,
    account: string,
    subject: AttributeSubject,
    ids: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly NamedValue[]>>;
}

export function createAttributeValues(readActive: ReadActive): AttributeValues {
  return {
    async store(trx, account, subjects) {
      await shareValues(trx, account);
      for (const [subject, ids] of bySubject(subjects)) {
        const definitions = await readActive(trx, account, { subject });
        if (definitions.length === 0) continue;
        const rows = await readRows(trx, account, subject, ids);
        await storeValues(trx, { account, subject, definitions, rows });
      }
    },
    async forget(trx, account, subjects) {
      for (const [subject, ids] of bySubject(subjects)) {
        await sql`
          delete from attribute_values
          where account_id = ${account} and subject = ${subject} and subject_id = any (${[...ids]}::text[])
        `.execute(trx);
      }
    },
    valuesOf,
  };
}

function bySubject({ tickets = [], users = [] }: Subjects) {
  const all: [AttributeSubject, readonly string[]][] = [
    ["ticket", tickets],
    ["user", users],
    ["agent", users],
  ];
  return all.filter(([, ids]) => ids.length > 0);
}

interface Batch {
  readonly account: string;
  readonly subject: AttributeSubject;
  readonly definitions: readonly ActiveDefinition[];
  /** Locked since they were read. */
  readonly rows: readonly SubjectRow[];
  /** Asked after each row: the rows after it are left for another time. Absent: none are. */
  readonly isOver?: () => boolean;
}

/** In one statement for all; a second one first where fields are gone from the source. Answers what was done. */
export async function storeValues(
  trx: Transaction<Database>,
  batch: Batch,
): Promise<{ readonly rows: number; readonly problems: number }> {
  const { account, subject, definitions, rows, isOver } = batch;
  const seenOf = await readSeen(trx, batch);
  const values: ValueRow[] = [];
  let done = 0;
  for (const row of rows) {
    // Some rows each time, however the clock jumps.
    if (done > 0 && isOver?.() === true) break;
    values.push(
      ...definitions.flatMap((one) => toValueRow(one, row, seenOf(row.id, one.id)) ?? []),
    );
    done += 1;
  }
  if (values.length > 0) await writeValues(trx, { account, subject, values });
  return { rows: done, problems: values.filter(({ problem }) => problem !== null).length };
}

interface Written {
  readonly account: string;
  readonly subject: AttributeSubject;
  readonly values: readonly ValueRow[];
}

/** In the order of the key, so that two writers cannot wait for each other; an unchanged row is not written. */
async function writeValues(
  trx: Transaction<Database>,
  { account, subject, values }: Written,
): Promise<void> {
  await sql`
    insert into attribute_values (account_id, subject, subject_id, attribute_id, version, raw, text_value, texts_value,
                                  number_value, boolean_value, instant_value, problem, problem_step)
    select ${account}, ${subject}, subject_id, attribute_id, version, raw, text_value, texts_value,
           number_value, boolean_value, instant_value, problem, problem_step
    from json_to_recordset(${JSON.stringify(storableJson(values))}::json) as incoming (
      subject_id text, attribute_id text, version integer, raw jsonb, text_value text, texts_value text[],
      number_value float8, boolean_value boolean, instant_value timestamptz, problem text, problem_step integer)
    order by subject_id, attribute_id
    on conflict (account_id, subject, subject_id, attribute_id) do update set
      version = excluded.version, raw = excluded.raw, text_value = excluded.text_value,
      texts_value = excluded.texts_value, number_value = excluded.number_value,
      boolean_value = excluded.boolean_value, instant_value = excluded.instant_value,
      problem = excluded.problem, problem_step = excluded.problem_step
    where attribute_values is distinct from excluded
  `.execute(trx);
}

async function valuesOf(
  db: Kysely<Database>,
  account: string,
  subject: AttributeSubject,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly NamedValue[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("attribute_values as value")
    .innerJoin("attribute_definitions as definition", (join) =>
      join
        .onRef("definition.account_id", "=", "value.account_id")
        .onRef("definition.attribute_id", "=", "value.attribute_id")
        .on("definition.state", "=", "active"),
    )
    .selectAll("value")
    .select(["definition.name", sql<string>`definition.document ->> 'label'`.as("label")])
    .where("value.account_id", "=", account)
    .where("value.subject", "=", subject)
    .where("value.subject_id", "in", [...ids])
    .orderBy("definition.name")
    .execute();
  const values = new Map<string, NamedValue[]>();
  for (const { subject_id: id, attribute_id, name, label, ...columns } of rows) {
    const named = { attribute_id, name, label, value: valueIn(columns) };
    values.set(id, [...(values.get(id) ?? []), named]);
  }
  return values;
}

type ValueColumns = Pick<
  Database["attribute_values"],
  "text_value" | "texts_value" | "number_value" | "boolean_value" | "instant_value"
>;

function valueIn(row: ValueColumns): AttributeValue {
  return (
    row.text_value ??
    row.texts_value ??
    row.number_value ??
    row.boolean_value ??
    row.instant_value?.toISOString() ??
    null
  );
}
