/** The wire contract of annotate-ticket: notify a ticket's agents by a tag or a private comment. */
import { Type, type Static } from "typebox";
import { OccurredAt, ZendeskId, ZendeskIdText } from "./envelope.ts";
import { CaseSummary } from "./resolve-case.ts";

/** The tags that stand for each reason. */
export const ANNOTATION_TAGS = {
  ambiguous_case: "caseqa_ambiguous_case",
  unknown_case_number: "caseqa_unknown_case_number",
} as const;

export const AnnotateTicketRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    telling: Type.Union([Type.Literal("tag"), Type.Literal("note")]),
    reason: Type.Union([Type.Literal("ambiguous_case"), Type.Literal("unknown_case_number")]),
    candidates: Type.Optional(
      Type.Array(CaseSummary, {
        maxItems: 10,
        description: "Cases that may belong to the ticket, for the text of a note.",
      }),
    ),
    occurred_at: Type.Optional(Type.Union([OccurredAt, Type.Null()])),
  },
  {
    additionalProperties: false,
    examples: [
      {
        ticket_id: 1001,
        telling: "note",
        reason: "ambiguous_case",
        candidates: [
          {
            id: "500000000000001AAA",
            number: "00001026",
            subject: "Order 10-4711 has not arrived",
            status: "New",
            is_closed: false,
          },
        ],
      },
    ],
  },
);
export type AnnotateTicketRequest = Static<typeof AnnotateTicketRequest>;

export const AnnotateTicketReply = Type.Object({
  outcome: Type.Union([
    Type.Literal("annotated"),
    Type.Literal("already_there", { description: "An earlier attempt had reached Zendesk." }),
    Type.Literal("ticket_closed", { description: "A closed ticket takes no change." }),
    Type.Literal("requester_suspended", {
      description: "Zendesk takes no change of a ticket whose requester is suspended.",
    }),
    Type.Literal("too_many_comments", {
      description: "The ticket has 5,000 comments and takes no note; a tag would be taken.",
    }),
    Type.Literal("ticket_not_found"),
  ]),
  ticket_id: ZendeskIdText,
});
export type AnnotateTicketReply = Static<typeof AnnotateTicketReply>;
