/** The flow of a comment that was redacted or made private, or of an attachment that was redacted. */
import type { RecordTicketEventRequest } from "#contract/actions/record-ticket-event";
import type { FlowResource } from "#zis/model/bundle";
import { fullAllowance } from "./allowance.ts";
import { flow } from "./flow.ts";
import { PREAMBLE_START } from "./preamble.ts";
import { readTicketEvent } from "./ticket-event.ts";
import { recordTicketEvent } from "./record-ticket-event.ts";

/** A name that is no id, or is missing, is null: the conversation is read again all the same. */
const READ = `def id: if . != null and (tostring | test("^[1-9][0-9]{0,18}\\\\z")) then tostring else null end;
(.comment | objects // {}) as $comment | (.attachment | objects // {}) as $attachment
| {comment_id: ($comment.id // $attachment.comment_id | id), attachment_id: ($attachment.id | id)}`;

/** No settings are read: what is stored follows its source, whatever they say. */
export function commentChangeFlow(
  integration: string,
  name: string,
  kind: Extract<
    RecordTicketEventRequest["kind"],
    "comment_redacted" | "comment_made_private" | "attachment_redacted"
  >,
): FlowResource {
  return flow(name, PREAMBLE_START, {
    [PREAMBLE_START]: fullAllowance("Read the event"),
    "Read the event": readTicketEvent({ next: "Read the details", needsTime: true }),
    ...recordTicketEvent(integration, {
      read: READ,
      kind,
      members: ["comment_id", "attachment_id"],
      why: "The server hides what is known to be redacted, and reads the conversation again.",
    }),
  });
}
