/** The wire contract of resolve-case: which Salesforce case belongs to a ticket. */
import { Type, type Static } from "typebox";
import { SalesforceId, ZendeskId, ZendeskIdText } from "./envelope.ts";

/** A way in which a case is found. */
export const MatchedBy = Type.Union([
  Type.Literal("case_number"),
  Type.Literal("external_id"),
  Type.Literal("requester_email"),
]);
export type MatchedBy = Static<typeof MatchedBy>;

export const ResolveCaseRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    case_number_field_id: Type.Optional(
      Type.Union([ZendeskId, Type.Null()], {
        description: "The ticket field that holds a case number; absent: the server's own setting.",
      }),
    ),
    case_external_id_field: Type.Optional(
      Type.Union([Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_]{0,79}$" }), Type.Null()], {
        description:
          "The field of Case that holds the ticket id; absent: the server's own setting.",
      }),
    ),
    match_order: Type.Optional(
      Type.Array(MatchedBy, {
        minItems: 1,
        maxItems: 3,
        uniqueItems: true,
        description: "The ways to look, in this order; absent: the server's own setting.",
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        ticket_id: 1001,
        case_number_field_id: "360001234567",
        case_external_id_field: "Zendesk_Ticket_Id__c",
        match_order: ["case_number", "external_id", "requester_email"],
      },
    ],
  },
);
export type ResolveCaseRequest = Static<typeof ResolveCaseRequest>;

/** Subject and Status of a Case hold at most 255 characters, CaseNumber 30 (Salesforce, "Object Reference: Case"). */
const CaseText = Type.String({ maxLength: 255 });

export const CaseSummary = Type.Object({
  id: SalesforceId,
  number: CaseText,
  subject: Type.Union([CaseText, Type.Null()]),
  status: Type.Union([CaseText, Type.Null()]),
  is_closed: Type.Boolean(),
});
export type CaseSummary = Static<typeof CaseSummary>;

/** Every outcome has a case_id, so that a flow may hand it on without asking which outcome it was. */
const noCase = Type.Null({ description: "No single case was found." });

export const ResolveCaseReply = Type.Union([
  Type.Object({
    outcome: Type.Literal("matched"),
    ticket_id: ZendeskIdText,
    case_id: SalesforceId,
    matched_by: MatchedBy,
    case: CaseSummary,
  }),
  Type.Object({
    outcome: Type.Literal("ambiguous"),
    ticket_id: ZendeskIdText,
    case_id: noCase,
    matched_by: MatchedBy,
    candidates: Type.Array(CaseSummary, { minItems: 2, maxItems: 10 }),
    more: Type.Boolean({ description: "True when there are more candidates than the ten listed." }),
  }),
  Type.Object({
    outcome: Type.Literal("none"),
    ticket_id: ZendeskIdText,
    case_id: noCase,
    reason: Type.Union([Type.Literal("nothing_to_look_for"), Type.Literal("no_candidate")], {
      description:
        "nothing_to_look_for: the ways to look found nothing on the ticket, such as an empty case number field.",
    }),
  }),
  Type.Object({
    outcome: Type.Literal("ticket_not_found"),
    ticket_id: ZendeskIdText,
    case_id: noCase,
  }),
]);
export type ResolveCaseReply = Static<typeof ResolveCaseReply>;
