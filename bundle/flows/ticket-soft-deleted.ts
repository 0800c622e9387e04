/** ticket_soft_deleted: The stored conversation of a deleted ticket is hidden; it can be restored. */
import type { FlowResource } from "#zis/model/bundle";
import { deletionFlow } from "../builders/deletion-flow.ts";

export const TICKET_SOFT_DELETED = "ticket_soft_deleted";

export function ticketSoftDeleted(integration: string): FlowResource {
  return deletionFlow(integration, TICKET_SOFT_DELETED, {
    state: "deleted",
    why: "Reviewers no longer see what was deleted.",
  });
}
