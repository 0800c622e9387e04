/** ticket_permanently_deleted: All that is stored of a ticket that was deleted for good is erased. */
import type { FlowResource } from "#zis/model/bundle";
import { deletionFlow } from "../builders/deletion-flow.ts";

export const TICKET_PERMANENTLY_DELETED = "ticket_permanently_deleted";

export function ticketPermanentlyDeleted(integration: string): FlowResource {
  return deletionFlow(integration, TICKET_PERMANENTLY_DELETED, {
    state: "erased",
    why: "What is erased in Zendesk may not live on here.",
  });
}
