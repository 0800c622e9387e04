/** The definitions in force, ready to compute. */
import type { Kysely } from "kysely";
import type { AttributeDefinition, AttributeSubject } from "#contract/attributes/definition";
import type { Database } from "#platform/db/schema";
import type { Log } from "#platform/log";
import { openDefinition, type Computed, type RawFields } from "./transforms/open-definition.ts";

export interface ActiveDefinition {
  readonly id: string;
  readonly version: number;
  readonly definition: AttributeDefinition;
  readonly compute: (raw: RawFields) => Computed;
}

/** Of the subject, or one attribute only. Read in the caller's transaction: the answer is as true as its locks. */
export type ReadActive = (
  db: Kysely<Database>,
  account: string,
  which: { readonly subject: AttributeSubject } | { readonly id: string },
) => Promise<readonly ActiveDefinition[]>;

const MOST_OPENED = 2_000;

/**
 * Opened versions stay in memory: they never change. One that this runtime cannot open, because it lacks a time zone that another
 * had, is left out and logged; the values that it has stay.
 */
export function createReadActive(log: Log): ReadActive {
  const opened = new Map<string, ActiveDefinition["compute"] | undefined>();

  function open(key: string, definition: AttributeDefinition) {
    if (opened.has(key)) return opened.get(key);
    const result = openDefinition(definition);
    if (result.kind === "refused") log.error({ key }, "an attribute cannot be computed here");
    const compute = result.kind === "ready" ? result.compute : undefined;
    if (opened.size >= MOST_OPENED) opened.clear();
    opened.set(key, compute);
    return compute;
  }

  return async (db, account, which) => {
    let query = db
      .selectFrom("attribute_definitions")
      .select(["attribute_id", "version", "document"])
      .where("account_id", "=", account)
      .where("state", "=", "active");
    query =
      "id" in which
        ? query.where("attribute_id", "=", which.id)
        : query.where("subject", "=", which.subject);
    const rows = await query.orderBy("attribute_id").execute();
    return rows.flatMap(({ attribute_id: id, version, document }) => {
      const compute = open(JSON.stringify([account, id, version]), document);
      return compute ? [{ id, version, definition: document, compute }] : [];
    });
  };
}
