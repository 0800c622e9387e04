import { sql, type Kysely } from "kysely";
import type { DIRECTORY_ROUTES } from "#contract/routes/directory";
import type { Database } from "#platform/db/schema";
import type { RouteHandlers } from "#platform/http/json-routes";

export function createDirectoryRoutes(
  db: Kysely<Database>,
): RouteHandlers<typeof DIRECTORY_ROUTES> {
  return {
    async groups({ account }) {
      const rows = await db
        .selectFrom("qa_groups as g")
        .select(["g.group_id", "g.name", "g.removed_at"])
        .select(
          sql<string[]>`array(
            select user_id from qa_group_members as m
            where m.account_id = g.account_id and m.group_id = g.group_id order by user_id
          )`.as("members"),
        )
        .where("g.account_id", "=", account)
        .orderBy("g.group_id")
        .execute();
      return {
        groups: rows.map(({ group_id: id, removed_at: removedAt, ...group }) => ({
          id,
          ...group,
          removed_at: removedAt?.toISOString() ?? null,
        })),
      };
    },
    async fields({ account }) {
      const rows = await db
        .selectFrom("qa_fields")
        .select(["field_id", "type", "title", "options", "is_active", "removed_at"])
        .where("account_id", "=", account)
        .orderBy("field_id")
        .execute();
      return {
        fields: rows.map(({ field_id: id, removed_at: removedAt, ...field }) => ({
          id,
          ...field,
          removed_at: removedAt?.toISOString() ?? null,
        })),
      };
    },
  };
}
