/**
 * A trigger event as a webhook gets it. Sources: Zendesk pages "Webhook event types" and "Ticket events"; what these leave open, as in the
 * samples that came with the project: ids are strings, none is null, words of Zendesk's own are in capitals.
 */
import type { EventValue, ZisEvent } from "../events.ts";
import type { TicketRecord } from "../model.ts";

/** The body of every delivery of a webhook that is subscribed to events. */
export interface WebhookEvent {
  /** `zen:event-type:ticket.created` */
  readonly type: string;
  readonly account_id: number;
  readonly id: string;
  readonly time: string;
  readonly zendesk_event_version: string;
  /** `zen:ticket:123` */
  readonly subject: string;
  readonly detail: object;
  readonly event: object;
}

export const VERSION = "2022-11-06";
const ID_MEMBERS = new Set(["group_id", "assignee_id", "requester_id"]);
const ID_EVENTS = new Set([
  "ticket.GroupAssignmentChanged",
  "ticket.AgentAssignmentChanged",
  "ticket.RequesterChanged",
]);
const CAPITAL_EVENTS = new Set([
  "ticket.StatusChanged",
  "ticket.PriorityChanged",
  "ticket.TicketTypeChanged",
]);

/** `ticket.TicketCreated` is `ticket.created`, `ticket.CommentAdded` is `ticket.comment_added`. */
function webhookTypeOf(tag: string): string {
  const [subject = "", name = ""] = tag.split(".");
  const words = name
    .replace(/^Ticket(?=[A-Z])/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
    .toLowerCase();
  return `zen:event-type:${subject}.${words}`;
}

const idOf = (id: number | null) => (id === null ? null : String(id));
const capitals = (word: string | null) => word?.toUpperCase() ?? null;

/** Ids become strings, at any depth. */
export function withIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isId = name === "id" || name.endsWith("_id") || ID_MEMBERS.has(name);
      return [name, isId && typeof inner === "number" ? String(inner) : withIds(inner)];
    }),
  );
}

function detailOf(event: ZisEvent, ticket: TicketRecord | undefined, actorId: number | null) {
  const snapshot = event.input.ticket_event.ticket;
  return {
    actor_id: idOf(actorId),
    assignee_id: idOf(snapshot.assignee_id),
    brand_id: idOf(snapshot.brand_id),
    created_at: snapshot.created_at,
    custom_status: null,
    description: ticket?.comments[0]?.body ?? "",
    external_id: snapshot.external_id,
    form_id: idOf(snapshot.form_id),
    group_id: idOf(snapshot.group_id),
    id: String(snapshot.id),
    is_public: ticket?.comments.some((comment) => comment.public) ?? true,
    organization_id: idOf(snapshot.organization_id),
    priority: capitals(snapshot.priority),
    requester_id: idOf(snapshot.requester_id),
    status: capitals(snapshot.status),
    subject: ticket?.subject ?? "",
    submitter_id: idOf(snapshot.submitter_id),
    tags: snapshot.tags,
    type: capitals(snapshot.type),
    updated_at: snapshot.updated_at,
    via: snapshot.via,
  };
}

/** @param id a UUID of the event's own; it stays the same when the delivery is repeated */
export function toWebhookEvent(
  event: ZisEvent,
  about: {
    readonly accountId: number;
    readonly id: string;
    readonly ticket: TicketRecord | undefined;
    readonly actorId: number | null;
  },
): WebhookEvent {
  const { meta, type: _type, ticket, previous, current, ...rest } = event.input.ticket_event;
  const { event_type: tag } = event;
  const write = (value: EventValue | undefined) => {
    if (ID_EVENTS.has(tag) && typeof value === "number") return String(value);
    if (CAPITAL_EVENTS.has(tag) && typeof value === "string") return value.toUpperCase();
    return value;
  };
  const { id, position } = meta.sequence;
  return {
    type: webhookTypeOf(tag),
    account_id: about.accountId,
    id: about.id,
    time: meta.occurred_at,
    zendesk_event_version: VERSION,
    subject: `zen:ticket:${ticket.id}`,
    detail: detailOf(event, about.ticket, about.actorId),
    event: {
      ...(withIds(rest) as object),
      ...(previous === undefined ? {} : { previous: write(previous) }),
      ...(current === undefined ? {} : { current: write(current) }),
      meta: { sequence: { id, position } },
    },
  };
}
