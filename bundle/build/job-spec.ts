/** Job specs: which event starts which flow. */
import type { JobSpecResource } from "../../zis/model/bundle.ts";
import { resourceName } from "../../zis/model/names.ts";

/** Ticket events that flows of ours answer. Source: ZIS trigger events, ticket events. */
type TicketEvent = "ticket.StatusChanged";

/** A job spec named `on_` and its flow's name: a bundle's resources need names of their own. */
export function onTicketEvent(
  integration: string,
  event: TicketEvent,
  flowName: string,
): JobSpecResource {
  return {
    type: "ZIS::JobSpec",
    properties: {
      name: `on_${flowName}`,
      event_source: "support",
      event_type: event,
      flow_name: resourceName(integration, "flow", flowName),
    },
  };
}
