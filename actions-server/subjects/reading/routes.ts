/** The JSON routes of conversations. */
import type { Kysely } from "kysely";
import type { CONVERSATION_ROUTES } from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import type { RoleCaller, RouteHandlers } from "#platform/http/json-routes";
import { exportFile } from "./export-file.ts";
import type { Viewer } from "./filters.ts";
import { listConversations } from "./list-conversations.ts";
import { readChanges } from "./read-changes.ts";
import { readConversation, readMessages, type AttributesOf } from "./read-conversation.ts";

export function createReadRoutes(
  db: Kysely<Database>,
  attributesOf: AttributesOf,
): RouteHandlers<typeof CONVERSATION_ROUTES> {
  return {
    conversations: (asked) => listConversations(db, asked.account, viewerOf(asked), asked.query),
    "conversation-changes": ({ account, query }) => readChanges(db, account, query),
    "conversations-file": async ({ account, query: { format, ...filter } }) =>
      exportFile(db, account, format, filter),
    conversation: ({ params, ...asked }) =>
      readConversation(db, attributesOf, { ...whose(asked), ticketId: params.ticket_id }),
    "conversation-messages": ({ params, query, ...asked }) =>
      readMessages(db, { ...whose(asked), ticketId: params.ticket_id }, query),
  };
}

const whose = (caller: RoleCaller) => ({ account: caller.account, viewer: viewerOf(caller) });

/** An agent sees his or her own. */
function viewerOf({ role, userId }: RoleCaller): Viewer {
  return role === "agent" && userId !== null ? { agentId: userId } : undefined;
}
