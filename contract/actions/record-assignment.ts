/** The wire contract of record-assignment: who works on a ticket, for quality review. */
import { Type, type Static } from "typebox";
import { HappenedAt, ZendeskId, ZendeskIdText } from "./envelope.ts";

export const RecordAssignmentRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    agent_id: Type.Union([ZendeskId, Type.Null()]),
    group_id: Type.Union([ZendeskId, Type.Null()]),
    occurred_at: HappenedAt,
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
  current: Type.Boolean({
    description:
      "False when a later assignment was recorded already, or the ticket is erased: nothing is kept then.",
  }),
});
export type RecordAssignmentReply = Static<typeof RecordAssignmentReply>;
