import type { Kysely } from "kysely";
import type { ACTIVITY_LOG_ROUTES } from "#contract/routes/activity-log";
import type { Database } from "#platform/db/schema";
import type { RouteHandlers } from "#platform/http/json-routes";
import { readLog, readTicket } from "./log-store.ts";

export function createActivityLogRoutes(
  db: Kysely<Database>,
): RouteHandlers<typeof ACTIVITY_LOG_ROUTES> {
  return {
    log: ({ account, query }) => readLog(db, account, query),
    ticket: ({ account, params }) => readTicket(db, account, params.ticket_id),
  };
}
