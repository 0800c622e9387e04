/** What was seen earlier of fields that the source no longer has. */
import type { Kysely } from "kysely";
import {
  fieldsOf,
  type AttributeDefinition,
  type AttributeSubject,
} from "#contract/attributes/definition";
import type { Database } from "#platform/db/schema";
import type { SubjectRow } from "./source-rows.ts";
import type { RawFields } from "./transforms/open-definition.ts";

interface Wanted {
  readonly account: string;
  readonly subject: AttributeSubject;
  readonly definitions: readonly {
    readonly id: string;
    readonly definition: AttributeDefinition;
  }[];
  readonly rows: readonly SubjectRow[];
}

/** The stored raw values, by row and attribute, of rows that lack a field; asks for nothing when none does. */
export async function readSeen(
  db: Kysely<Database>,
  { account, subject, definitions, rows }: Wanted,
): Promise<(rowId: string, attributeId: string) => RawFields | undefined> {
  const fields = definitions.flatMap(({ definition }) => fieldsOf(definition));
  const lacking = rows.filter(({ raw }) => !fields.every((field) => Object.hasOwn(raw, field)));
  const keyOf = (rowId: string, attributeId: string) => JSON.stringify([rowId, attributeId]);
  const seen = new Map<string, RawFields>();
  if (lacking.length > 0) {
    const found = await db
      .selectFrom("attribute_values")
      .select(["subject_id", "attribute_id", "raw"])
      .where("account_id", "=", account)
      .where("subject", "=", subject)
      .where(
        "subject_id",
        "in",
        lacking.map(({ id }) => id),
      )
      .execute();
    for (const one of found) seen.set(keyOf(one.subject_id, one.attribute_id), one.raw);
  }
  return (rowId, attributeId) => seen.get(keyOf(rowId, attributeId));
}
