/** The wire contract of record-deletion: the store follows a ticket that was deleted, restored or erased. */
import { Type, type Static } from "typebox";
import { HappenedAt, ZendeskId, ZendeskIdText } from "./envelope.ts";

export const RecordDeletionRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    state: Type.Union([
      Type.Literal("deleted", { description: "It can still be restored: hidden from reviewers." }),
      Type.Literal("restored", { description: "It is there again, and is read again." }),
      Type.Literal("erased", {
        description:
          "Deleted for good: all that is stored of it is erased, and nothing is stored of it again.",
      }),
    ]),
    occurred_at: HappenedAt,
  },
  {
    additionalProperties: false,
    examples: [{ ticket_id: 1001, state: "deleted", occurred_at: "2026-03-02T09:15:00Z" }],
  },
);
export type RecordDeletionRequest = Static<typeof RecordDeletionRequest>;

export const RecordDeletionReply = Type.Object({
  outcome: Type.Literal("recorded"),
  ticket_id: ZendeskIdText,
  state: Type.Union([Type.Literal("present"), Type.Literal("deleted"), Type.Literal("erased")], {
    description:
      "What counts after the call: the latest event's state; an erased ticket stays erased.",
  }),
  current: Type.Boolean({
    description: "False when a later event, or the ticket's erasure, was recorded already.",
  }),
});
export type RecordDeletionReply = Static<typeof RecordDeletionReply>;
