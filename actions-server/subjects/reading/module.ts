/** Conversations as reviewers and programs read them: it writes nothing. */
import type { Kysely } from "kysely";
import type { CONVERSATION_ROUTES } from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import type { RouteHandlers } from "#platform/http/json-routes";
import type { Module } from "#platform/module";
import type { AttributesOf } from "./read-conversation.ts";
import { createReadRoutes } from "./routes.ts";

export interface ReadingModule extends Module {
  readonly routes: RouteHandlers<typeof CONVERSATION_ROUTES>;
}

export interface ReadingOptions {
  readonly db: Kysely<Database>;
  readonly attributesOf: AttributesOf;
}

export function createReading({ db, attributesOf }: ReadingOptions): ReadingModule {
  return { routes: createReadRoutes(db, attributesOf) };
}
