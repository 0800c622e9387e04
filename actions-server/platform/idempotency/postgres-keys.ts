/** Keys of records as Postgres takes many at once. */
import { sql } from "kysely";
import type { RecordKey } from "./record.ts";

/** Three parallel arrays, for `unnest`: account, operation, key. */
export function keyColumns(keys: readonly RecordKey[]) {
  return sql.join([
    sql`${keys.map(({ account }) => account)}::text[]`,
    sql`${keys.map(({ operation }) => operation)}::text[]`,
    sql`${keys.map(({ key }) => key)}::text[]`,
  ]);
}
