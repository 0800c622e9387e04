/** The shape of the trigger events that ZIS receives for changes of a ticket (Zendesk page "ZIS trigger events: tickets"). */

/** The sixteen properties of a ticket that an event carries; no texts and no custom fields. */
export type TicketSnapshot = {
  id: number;
  created_at: string;
  updated_at: string;
  type: string | null;
  priority: string | null;
  status: string;
  requester_id: number;
  submitter_id: number;
  assignee_id: number | null;
  organization_id: number | null;
  group_id: number | null;
  brand_id: number;
  form_id: number;
  external_id: string | null;
  tags: string[];
  via: { channel: string };
};

/** Which event it is, and of which update. */
export type EventMeta = {
  version: "1.0";
  /** Second precision, UTC. */
  occurred_at: string;
  ref: string;
  /** Shared by all events of one update; position counts from 1. */
  sequence: { id: string; position: number; total: number };
};

export type TicketEvent = {
  meta: EventMeta;
  /** The name for people, such as `Status Changed`; the tag is not in the payload. */
  type: string;
  ticket: TicketSnapshot;
} & EventDetail;

export type EventValue = string | number | boolean | null | string[];

/** What one kind of event has besides `meta`, `type` and `ticket`. */
export type EventDetail = {
  previous?: EventValue;
  current?: EventValue;
  comment?: {
    id: number;
    body?: string;
    is_public?: boolean;
    author?: { id: number; name: string; is_staff: boolean };
  };
  attachment?: {
    id: number;
    content_url?: string;
    content_type?: string;
    filename?: string;
    is_public?: boolean;
    comment_id: number;
  };
  custom_field?: { id: number; title: string; field_type: string };
  tags_added?: string[];
  tags_removed?: string[];
  target_ticket_id?: number;
};

/** An event as ZIS takes it: the job spec's two words, and the flow's input. */
export type ZisEvent = {
  event_source: "support";
  event_type: string;
  input: { ticket_event: TicketEvent };
};
