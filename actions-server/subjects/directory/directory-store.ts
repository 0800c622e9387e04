/** Stores whole lists as they were read: what is not in them any more is marked as removed, and kept. */
import { sql, type Kysely } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import type { Database } from "#platform/db/schema";
import { storableJson } from "#platform/db/storable";
import type { ZendeskField, ZendeskGroup, ZendeskMembership } from "#remotes/zendesk/account-lists";

export interface DirectoryLists {
  readonly groups: readonly ZendeskGroup[];
  readonly memberships: readonly ZendeskMembership[];
  readonly fields: readonly ZendeskField[];
}

/** All in one transaction. Lists that were read earlier than those that are stored change nothing. */
export async function storeDirectory(
  db: Kysely<Database>,
  account: string,
  lists: DirectoryLists,
  readAt: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const name = JSON.stringify(["directory", account]);
    await lockByName(trx, name);
    const { rows } = await sql`
      select from qa_groups where account_id = ${account} and read_at > ${readAt} limit 1`.execute(
      trx,
    );
    if (rows.length > 0) return;
    const groups = lists.groups.map((group) => ({ ...group, removed: group.isDeleted }));
    await sql`
      with listed as (
        select * from json_to_recordset(${toJson(groups)}::json) as listed (id text, name text, removed boolean)
      ),
      removed as (
        update qa_groups set removed_at = coalesce(removed_at, ${readAt}), read_at = ${readAt}
        where account_id = ${account} and group_id not in (select id from listed)
      )
      insert into qa_groups as known (account_id, group_id, name, removed_at, read_at)
      select ${account}, id, name, case when removed then ${readAt}::timestamptz end, ${readAt}::timestamptz from listed
      on conflict (account_id, group_id) do update set
        name = excluded.name, read_at = excluded.read_at,
        removed_at = case when excluded.removed_at is not null then coalesce(known.removed_at, excluded.removed_at) end
    `.execute(trx);
    await sql`delete from qa_group_members where account_id = ${account}`.execute(trx);
    await sql`
      insert into qa_group_members (account_id, group_id, user_id, is_default)
      select ${account}, "groupId", "userId", "isDefault"
      from json_to_recordset(${toJson(lists.memberships)}::json) as listed ("groupId" text, "userId" text, "isDefault" boolean)
      on conflict do nothing
    `.execute(trx);
    await sql`
      with listed as (
        select * from json_to_recordset(${toJson(lists.fields)}::json)
          as listed (id text, type text, title text, options jsonb, "isActive" boolean)
      ),
      removed as (
        update qa_fields set removed_at = coalesce(removed_at, ${readAt}), read_at = ${readAt}
        where account_id = ${account} and field_id not in (select id from listed)
      )
      insert into qa_fields (account_id, field_id, type, title, options, is_active, removed_at, read_at)
      select ${account}, id, type, title, options, "isActive", null, ${readAt}::timestamptz from listed
      on conflict (account_id, field_id) do update set
        type = excluded.type, title = excluded.title, options = excluded.options, is_active = excluded.is_active,
        removed_at = null, read_at = excluded.read_at
    `.execute(trx);
  });
}

const toJson = (rows: readonly object[]) => JSON.stringify(storableJson(rows));
