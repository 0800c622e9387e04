/** The wire contract of record-satisfaction: what a customer answered about a ticket. */
import { Type, type Static } from "typebox";
import { HappenedAt, ZendeskId, ZendeskIdText } from "./envelope.ts";

const OptionalText = (maxLength: number, description: string) =>
  Type.Optional(Type.Union([Type.String({ maxLength, description }), Type.Null()]));

export const RecordSatisfactionRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    response_id: Type.String({
      minLength: 1,
      maxLength: 100,
      description: "Of the survey response or the rating: one response may be changed later.",
    }),
    kind: Type.Union([
      Type.Literal("survey", { description: "A response to a survey." }),
      Type.Literal("rating", { description: "A satisfaction rating of the older form." }),
    ]),
    score: OptionalText(40, "Zendesk's word for the answer, such as good or bad."),
    rating: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: 100 }), Type.Null()], {
        description: "The answer on the survey's scale.",
      }),
    ),
    comment: OptionalText(10_000, "What the customer wrote."),
    reason: OptionalText(500, "The reason that the customer chose."),
    requester_id: Type.Optional(
      Type.Union([ZendeskId, Type.Null()], { description: "Who answered." }),
    ),
    occurred_at: HappenedAt,
  },
  {
    additionalProperties: false,
    examples: [
      {
        ticket_id: 1001,
        response_id: "01HZX3",
        kind: "survey",
        score: "good",
        rating: 5,
        occurred_at: "2026-03-02T09:15:00Z",
      },
    ],
  },
);
export type RecordSatisfactionRequest = Static<typeof RecordSatisfactionRequest>;

export const RecordSatisfactionReply = Type.Object({
  outcome: Type.Union([
    Type.Literal("recorded"),
    Type.Literal("ticket_erased", { description: "Nothing is kept of an erased ticket." }),
  ]),
  ticket_id: ZendeskIdText,
  current: Type.Boolean({
    description:
      "False when a later state of the response was recorded already, or nothing is kept.",
  }),
});
export type RecordSatisfactionReply = Static<typeof RecordSatisfactionReply>;
