/** Statements that many requests share: parsed and planned once for each connection, not each time. */
import { CompiledQuery, type Kysely } from "kysely";
import type { Database } from "./schema.ts";

const names = new Map<string, string>();

/** By what name connections know the statement; undefined: it is sent anew each time. */
export function preparedName(text: string): string | undefined {
  return names.get(text);
}

/** The text, known from now on to every connection by a name that is its own. */
export function prepared(name: string, text: string): string {
  names.set(text, name);
  return text;
}

/** `text` has its values as $1, $2 and so on; `name` is its own. The values may hold arrays, for `unnest`. */
export function prepare<Row>(name: string, text: string) {
  prepared(name, text);
  return async (
    db: Pick<Kysely<Database>, "executeQuery">,
    values: readonly unknown[],
  ): Promise<readonly Row[]> =>
    (await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
}
