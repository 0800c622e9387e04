/** The wire contract of record-assignment: who works on a ticket, for quality review. */
import { Type, type Static } from "typebox";
import { ZendeskId, ZendeskIdText } from "./envelope.ts";

export const RecordAssignmentRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    agent_id: Type.Union([ZendeskId, Type.Null()]),
    group_id: Type.Union([ZendeskId, Type.Null()]),
    occurred_at: Type.String({
      format: "date-time",
      maxLength: 40,
      description: "When the assignment changed, RFC 3339; at most a day in the future.",
    }),
  },
  {
    additionalProperties: false,
    examples: [
      {
        ticket_id: 1001,
        agent_id: "900000000012",
        group_id: null,
        occurred_at: "2026-03-02T09:15:00Z",
      },
    ],
  },
);
export type RecordAssignmentRequest = Static<typeof RecordAssignmentRequest>;

export const RecordAssignmentReply = Type.Object({
  outcome: Type.Literal("recorded"),
  ticket_id: ZendeskIdText,
  current: Type.Boolean({ description: "False when a later assignment was recorded already." }),
});
export type RecordAssignmentReply = Static<typeof RecordAssignmentReply>;
