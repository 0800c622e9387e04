import type { Kysely } from "kysely";
import type { ACTION_LOG_ROUTES } from "#contract/routes/action-log";
import type { Database } from "#platform/db/schema";
import type { RouteHandlers } from "#platform/http/json-routes";
import { readLog, readTicket } from "./read-log.ts";

export function createActionLogRoutes(
  db: Kysely<Database>,
): RouteHandlers<typeof ACTION_LOG_ROUTES> {
  return {
    log: ({ account, query }) => readLog(db, account, query),
    ticket: ({ account, params }) => readTicket(db, account, params.ticket_id),
  };
}
