/** Conversations as reviewers and programs read them: it writes nothing. */
import type { Kysely } from "kysely";
import type { CONVERSATION_ROUTES } from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import type { RouteHandlers } from "#platform/http/json-routes";
import type { Module } from "#platform/module";
import { createReadRoutes } from "./routes.ts";

export interface ReadingModule extends Module {
  readonly routes: RouteHandlers<typeof CONVERSATION_ROUTES>;
}

export function createReading({ db }: { readonly db: Kysely<Database> }): ReadingModule {
  return { routes: createReadRoutes(db) };
}
