/** ticket_undeleted: The stored conversation of a restored ticket is shown and read again. */
import type { FlowResource } from "#zis/model/bundle";
import { deletionFlow } from "../builders/deletion-flow.ts";

export const TICKET_UNDELETED = "ticket_undeleted";

export function ticketUndeleted(integration: string): FlowResource {
  return deletionFlow(integration, TICKET_UNDELETED, {
    state: "restored",
    why: "Reviewers see it again, as it is now.",
  });
}
