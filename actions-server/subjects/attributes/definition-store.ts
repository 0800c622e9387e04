/** Saves versions of definitions, and puts them in force or out of it. */
import { sql, type Transaction } from "kysely";
import { nameOf, type AttributeDefinition } from "#contract/attributes/definition";
import type { SavedReply } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import { storableJson } from "#platform/db/storable";
import { AppError } from "#platform/errors";
import { holdValues, lockDefinitions } from "./locks.ts";
import { openDefinition } from "./transforms/open-definition.ts";

export interface AttributeRef {
  readonly account: string;
  readonly id: string;
}

/** Each costs time with every conversation that is stored. */
const MOST_ATTRIBUTES = 200;
const MOST_VERSIONS = 500;

const refused = (message: string): SavedReply => ({
  outcome: "refused",
  refusals: [{ step: 0, message }],
});

/** A new version, unless the newest one says the same: saving twice makes one. */
export async function saveDefinition(
  trx: Transaction<Database>,
  { account, id }: AttributeRef,
  given: AttributeDefinition,
  now: Date,
): Promise<SavedReply> {
  const definition = storableJson(given) as AttributeDefinition;
  const opened = openDefinition(definition);
  if (opened.kind === "refused") return { outcome: "refused", refusals: [...opened.refusals] };
  await lockDefinitions(trx, account);
  const document = JSON.stringify(definition);
  const newest = await trx
    .selectFrom("attribute_definitions")
    .select(["version", "subject", sql<boolean>`document = ${document}::jsonb`.as("same")])
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (newest?.same === true) return { outcome: "unchanged", version: newest.version };
  if (newest && newest.subject !== definition.subject) {
    return refused(`the attribute is one of a ${newest.subject}, and stays so`);
  }
  if (newest && newest.version >= MOST_VERSIONS) return refused("it has too many versions");
  if (!newest && (await countAttributes(trx, account)) >= MOST_ATTRIBUTES) {
    return refused(`there are ${MOST_ATTRIBUTES} attributes already`);
  }
  const version = (newest?.version ?? 0) + 1;
  await trx
    .insertInto("attribute_definitions")
    .values({
      account_id: account,
      attribute_id: id,
      version,
      subject: definition.subject,
      name: nameOf(definition),
      state: "draft",
      document,
      saved_at: now,
      previewed_at: null,
      activated_at: null,
    })
    .execute();
  return { outcome: "saved", version };
}

async function countAttributes(trx: Transaction<Database>, account: string): Promise<number> {
  const { count } = await trx
    .selectFrom("attribute_definitions")
    .select((eb) => eb.fn.count<string>("attribute_id").distinct().as("count"))
    .where("account_id", "=", account)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export interface StoredVersion {
  readonly version: number;
  readonly name: string;
  readonly definition: AttributeDefinition;
  readonly previewedAt: Date | null;
}

/** @throws AppError NOT_FOUND when there is no such version */
export async function readVersion(
  db: Pick<Transaction<Database>, "selectFrom">,
  { account, id }: AttributeRef,
  version: number,
): Promise<StoredVersion> {
  const row = await db
    .selectFrom("attribute_definitions")
    .select(["name", "document", "previewed_at"])
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  if (!row) throw new AppError("NOT_FOUND", `there is no version ${version} of this attribute`);
  return { version, name: row.name, definition: row.document, previewedAt: row.previewed_at };
}

/** Null: none is in force. */
export async function readActiveVersion(
  db: Pick<Transaction<Database>, "selectFrom">,
  { account, id }: AttributeRef,
): Promise<number | null> {
  const row = await db
    .selectFrom("attribute_definitions")
    .select("version")
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .where("state", "=", "active")
    .executeTakeFirst();
  return row?.version ?? null;
}

/** Which other attribute of the subject has the name in force, if any. Call under `lockDefinitions`. */
export async function nameTakenBy(
  trx: Transaction<Database>,
  { account, id }: AttributeRef,
  { name, definition }: StoredVersion,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom("attribute_definitions")
    .select("attribute_id")
    .where("account_id", "=", account)
    .where("subject", "=", definition.subject)
    .where("name", "=", name)
    .where("state", "=", "active")
    .where("attribute_id", "<>", id)
    .executeTakeFirst();
  return row?.attribute_id;
}

/** Null: none from now on. Waits for all who compute values; call under `lockDefinitions`. */
export async function putInForce(
  trx: Transaction<Database>,
  { account, id }: AttributeRef,
  version: number | null,
  now: Date,
): Promise<void> {
  await holdValues(trx, account);
  await trx
    .updateTable("attribute_definitions")
    .set({ state: "retired" })
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .where("state", "=", "active")
    .execute();
  if (version === null) return;
  await trx
    .updateTable("attribute_definitions")
    .set({ state: "active", activated_at: now })
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .where("version", "=", version)
    .execute();
}

/** The first preview counts. */
export async function notePreview(
  db: Pick<Transaction<Database>, "updateTable">,
  { account, id }: AttributeRef,
  version: number,
  now: Date,
): Promise<void> {
  await db
    .updateTable("attribute_definitions")
    .set({ previewed_at: now })
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .where("version", "=", version)
    .where("previewed_at", "is", null)
    .execute();
}
