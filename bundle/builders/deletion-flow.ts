/** The flow of a ticket that was deleted, restored or erased: the three differ in the state that they record. */
import type { RecordDeletionRequest } from "#contract/actions/record-deletion";
import type { FlowResource } from "#zis/model/bundle";
import { fullAllowance } from "./allowance.ts";
import { serverCall } from "./call.ts";
import { flow } from "./flow.ts";
import { PREAMBLE_START } from "./preamble.ts";
import { succeed } from "./states.ts";
import { EVENT_KEY, OCCURRED_AT, readTicketEvent, SUBJECT } from "./ticket-event.ts";
import { at } from "./values.ts";

/** No settings are read: what is stored follows its source, whatever they say. */
export function deletionFlow(
  integration: string,
  name: string,
  { state, why }: { readonly state: RecordDeletionRequest["state"]; readonly why: string },
): FlowResource {
  return flow(name, PREAMBLE_START, {
    [PREAMBLE_START]: fullAllowance("Read the event"),
    "Read the event": readTicketEvent({ next: "Record the deletion", needsTime: true }),
    "Record the deletion": serverCall(integration, "record-deletion", {
      why,
      subject: SUBJECT,
      key: EVENT_KEY,
      body: { ticket_id: at("$.ticket.id"), state, occurred_at: OCCURRED_AT },
      into: "$.recorded",
      next: "Recorded",
    }),
    Recorded: succeed({
      why: "The store follows; what counts may be a later event's state.",
      message: `${SUBJECT} is recorded as {{$.recorded.state}}.`,
    }),
  });
}
