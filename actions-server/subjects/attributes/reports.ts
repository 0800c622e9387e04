/** Attributes with their versions, as administrators see them. */
import { sql, type Kysely, type Selectable } from "kysely";
import { fieldsOf, type AttributeSubject } from "#contract/attributes/definition";
import type { AttributeReport } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import { toReport } from "./rerun-store.ts";
import { readNewestRows, type SubjectRow } from "./source-rows.ts";

type DefinitionRow = Selectable<Database["attribute_definitions"]>;

/** One row may have been read while the field was being made; more would find a field long after it was removed. */
const ROWS_FOR_SOURCE = 3;
const MOST_VERSIONS_SHOWN = 100;

/** One attribute with its versions, or all with the version in force and the newest one. */
export async function readReports(
  db: Kysely<Database>,
  account: string,
  id?: string,
): Promise<readonly AttributeReport[]> {
  let query = db
    .selectFrom("attribute_definitions as own")
    .selectAll("own")
    .where("account_id", "=", account)
    .orderBy("attribute_id")
    .orderBy("version", "desc");
  query =
    id === undefined
      ? query.where(
          sql<boolean>`(own.state = 'active' or not exists (
            select from attribute_definitions as newer
            where newer.account_id = own.account_id and newer.attribute_id = own.attribute_id
              and newer.version > own.version))`,
        )
      : query.where("attribute_id", "=", id).limit(MOST_VERSIONS_SHOWN);
  const rows = await query.execute();
  const reruns = await db
    .selectFrom("attribute_reruns")
    .selectAll()
    .where("account_id", "=", account)
    .execute();
  const newestOf = await readSources(db, account, new Set(rows.map(({ subject }) => subject)));
  return [...Map.groupBy(rows, (row) => row.attribute_id)].map(([attribute, versions]) => {
    const rerun = reruns.find((one) => one.attribute_id === attribute);
    return {
      id: attribute,
      ...describe(versions, newestOf),
      rerun: rerun ? toReport(rerun) : null,
    };
  });
}

type NewestRows = ReadonlyMap<AttributeSubject, readonly SubjectRow[]>;

async function readSources(
  db: Kysely<Database>,
  account: string,
  subjects: ReadonlySet<AttributeSubject>,
): Promise<NewestRows> {
  const newest = new Map<AttributeSubject, readonly SubjectRow[]>();
  for (const subject of subjects) {
    newest.set(subject, await readNewestRows(db, account, subject, ROWS_FOR_SOURCE));
  }
  return newest;
}

function describe(
  rows: readonly DefinitionRow[],
  newestOf: NewestRows,
): Omit<AttributeReport, "id" | "rerun"> {
  const [newest] = rows;
  if (!newest) throw new Error("an attribute has no version");
  const active = rows.find(({ state }) => state === "active");
  const { subject, document } = active ?? newest;
  const versions = rows.map((row) => ({
    version: row.version,
    state: row.state,
    name: row.name,
    definition: row.document,
    saved_at: row.saved_at.toISOString(),
    previewed_at: row.previewed_at?.toISOString() ?? null,
    activated_at: row.activated_at?.toISOString() ?? null,
  }));
  const fields = fieldsOf(document);
  return {
    subject,
    active_version: active?.version ?? null,
    source: judgeSource(fields, newestOf.get(subject) ?? []),
    versions,
  };
}

/** `coalesce` reads several fields: one that is there is enough. */
function judgeSource(
  fields: readonly string[],
  newest: readonly SubjectRow[],
): AttributeReport["source"] {
  if (newest.length === 0) return "unknown";
  const isThere = newest.some(({ raw }) => fields.some((field) => Object.hasOwn(raw, field)));
  return isThere ? "present" : "missing";
}
