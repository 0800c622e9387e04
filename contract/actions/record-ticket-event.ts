/** The wire contract of record-ticket-event: what happened on a ticket, and what the store does about it. */
import { Type, type Static } from "typebox";
import { HappenedAt, TicketIds, ZendeskId, ZendeskIdText } from "./envelope.ts";

/** Zendesk allows 5,096 characters for all tags of a ticket. */
const Tags = (description: string) =>
  Type.Optional(Type.Union([Type.String({ maxLength: 6_000, description }), Type.Null()]));

const OptionalId = (description: string) =>
  Type.Optional(Type.Union([ZendeskId, Type.Null()], { description }));

export const RecordTicketEventRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    kind: Type.Union([
      Type.Literal("comment_added"),
      Type.Literal("comment_redacted"),
      Type.Literal("comment_made_private"),
      Type.Literal("attachment_redacted"),
      Type.Literal("marked_as_spam"),
      Type.Literal("requester_changed"),
      Type.Literal("tags_changed"),
    ]),
    occurred_at: HappenedAt,
    comment_id: OptionalId("The comment that was added or changed, where the event names it."),
    attachment_id: OptionalId("The attachment that was redacted, where the event names it."),
    public: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    ...TicketIds,
    requester_id: OptionalId("The requester after the change."),
    tags: Tags("All tags after the change, with spaces between them: no tag contains one."),
    tags_added: Tags("The tags that were added, likewise."),
    tags_removed: Tags("The tags that were removed, likewise."),
  },
  {
    additionalProperties: false,
    examples: [
      {
        ticket_id: 1001,
        kind: "comment_redacted",
        occurred_at: "2026-03-02T09:15:00Z",
        comment_id: 900000000077,
      },
    ],
  },
);
export type RecordTicketEventRequest = Static<typeof RecordTicketEventRequest>;

export const RecordTicketEventReply = Type.Object({
  outcome: Type.Union([
    Type.Literal("recorded"),
    Type.Literal("ticket_erased", { description: "Nothing is kept of an erased ticket." }),
  ]),
  ticket_id: ZendeskIdText,
  refresh: Type.Boolean({
    description: "A job reads the conversation again within seconds; events of a burst share one.",
  }),
});
export type RecordTicketEventReply = Static<typeof RecordTicketEventReply>;
