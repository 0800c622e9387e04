/** What is kept of an event of a ticket. */
import type { RecordTicketEventRequest } from "#contract/actions/record-ticket-event";
import type { TicketRef } from "./ticket-lock.ts";

export interface TicketEvent extends TicketRef {
  readonly eventKey: string;
  readonly kind: RecordTicketEventRequest["kind"];
  readonly data: EventData;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly requestId: string;
  /** The settings want the conversation for this event, whether it is stored or not. */
  readonly isWanted: boolean;
}

/** What is kept of an event beside its kind and time. Members that the event did not name are absent. */
export interface EventData {
  readonly comment_id?: string;
  readonly attachment_id?: string;
  readonly public?: boolean;
  readonly requester_id?: string | null;
  readonly tags?: readonly string[];
  readonly tags_added?: readonly string[];
  readonly tags_removed?: readonly string[];
}
