/** The raw values of tickets and people, as they are stored. */
import { sql, type Kysely, type RawBuilder, type Transaction } from "kysely";
import type { AttributeSubject } from "#contract/attributes/definition";
import type { Database } from "#platform/db/schema";
import type { RawFields } from "./transforms/open-definition.ts";

export interface SubjectRow {
  /** The ticket's or user's. */
  readonly id: string;
  readonly raw: RawFields;
}

interface FoundRow {
  readonly id: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly custom: readonly { readonly id: string; readonly value: unknown }[] | null;
}

/** What may be read of a person besides `user_fields`, whose members are called `user_fields.KEY`. */
const OF_PEOPLE = ["name", "email", "role", "active", "suspended", "time_zone", "locale", "tags"];

interface Source {
  readonly rows: RawBuilder<FoundRow>;
  readonly where: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  readonly newest: RawBuilder<unknown>;
}

const PEOPLE = {
  rows: sql<FoundRow>`
    select user_id as id, to_jsonb(qa_people) as members, null::jsonb as custom from qa_people`,
  id: sql`user_id`,
  newest: sql`updated_at desc, user_id desc`,
};

const SOURCES: Readonly<Record<AttributeSubject, Source>> = {
  ticket: {
    rows: sql<FoundRow>`
      select ticket_id as id, custom_fields as custom, jsonb_build_object(
        'subject', subject, 'status', status, 'channel', channel, 'requester_id', requester_id,
        'assignee_id', assignee_id, 'group_id', group_id, 'brand_id', brand_id,
        'organization_id', organization_id, 'form_id', form_id, 'tags', to_jsonb(tags),
        'created_at', created_at) as members
      from qa_conversations`,
    where: sql`true`,
    id: sql`ticket_id`,
    newest: sql`source_updated_at desc, ticket_id desc`,
  },
  user: { ...PEOPLE, where: sql`true` },
  agent: { ...PEOPLE, where: sql`role in ('agent', 'admin')` },
};

/** Those of the ids that are stored, in the order of their ids; nobody changes them until the transaction ends. */
export async function readRows(
  trx: Transaction<Database>,
  account: string,
  subject: AttributeSubject,
  ids: readonly string[],
): Promise<readonly SubjectRow[]> {
  if (ids.length === 0) return [];
  const { rows, where, id } = SOURCES[subject];
  const found = await sql<FoundRow>`
    ${rows} where account_id = ${account} and ${where} and ${id} = any (${[...ids]}::text[])
    order by ${id} for share`.execute(trx);
  return found.rows.map(toSubjectRow);
}

/** The rows after an id, in the order of their ids; nobody changes them until the transaction ends. */
export async function readRowsAfter(
  trx: Transaction<Database>,
  account: string,
  subject: AttributeSubject,
  { after, count }: { readonly after: string; readonly count: number },
): Promise<readonly SubjectRow[]> {
  const { rows, where, id } = SOURCES[subject];
  const found = await sql<FoundRow>`
    ${rows} where account_id = ${account} and ${where} and ${id} > ${after}
    order by ${id} limit ${count} for share`.execute(trx);
  return found.rows.map(toSubjectRow);
}

/** Those that changed last in the source, the newest first. */
export async function readNewestRows(
  db: Kysely<Database>,
  account: string,
  subject: AttributeSubject,
  count: number,
): Promise<readonly SubjectRow[]> {
  const { rows, where, newest } = SOURCES[subject];
  const found = await sql<FoundRow>`
    ${rows} where account_id = ${account} and ${where} order by ${newest} limit ${count}`.execute(
    db,
  );
  return found.rows.map(toSubjectRow);
}

export async function countRows(
  db: Kysely<Database>,
  account: string,
  subject: AttributeSubject,
): Promise<number> {
  const { rows, where } = SOURCES[subject];
  const counted = await sql<{ count: string }>`
    select count(*) as count from (${rows} where account_id = ${account} and ${where}) as counted`.execute(
    db,
  );
  return Number(counted.rows[0]?.count ?? 0);
}

function toSubjectRow({ id, members, custom }: FoundRow): SubjectRow {
  if (custom) {
    const fields = custom.map((field): [string, unknown] => [field.id, field.value]);
    return { id, raw: { ...members, ...Object.fromEntries(fields) } };
  }
  const own = OF_PEOPLE.filter((name) => Object.hasOwn(members, name));
  const { user_fields: fields } = members;
  const more = typeof fields === "object" && fields !== null ? Object.entries(fields) : [];
  return {
    id,
    raw: Object.fromEntries([
      ...own.map((name): [string, unknown] => [name, members[name]]),
      ...more.map(([key, value]): [string, unknown] => [`user_fields.${key}`, value]),
    ]),
  };
}
