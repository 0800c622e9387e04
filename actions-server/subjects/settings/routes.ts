import type { Kysely } from "kysely";
import type { SETTINGS_ROUTES } from "#contract/routes/settings";
import type { Database } from "#platform/db/schema";
import type { RouteHandlers } from "#platform/http/json-routes";
import { readSettingsHistory } from "./history.ts";

const HISTORY_ENTRIES = 50;

export function createSettingsRoutes(db: Kysely<Database>): RouteHandlers<typeof SETTINGS_ROUTES> {
  return {
    "settings-history": async ({ account }) => ({
      entries: await readSettingsHistory(db, account, HISTORY_ENTRIES),
    }),
  };
}
