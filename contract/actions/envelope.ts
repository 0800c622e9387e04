/** Members and bodies that every external action shares. */
import { Type, type Static } from "typebox";

/**
 * A Zendesk id. Flows hand it over as the number of the event or as text; inside the server it is text. A
 * number beyond 2^53 is refused: JSON parsers round it to another ticket's.
 */
export const ZendeskId = Type.Union(
  [
    Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    Type.String({ pattern: "^[1-9][0-9]{0,18}$" }),
  ],
  { description: "A Zendesk id, as a number or as its decimal text." },
);
export type ZendeskId = Static<typeof ZendeskId>;

/** A Zendesk id in a reply: always decimal text, so that no client loses digits. */
export const ZendeskIdText = Type.String({ pattern: "^[1-9][0-9]{0,18}$" });

/** A hint, so that a time that cannot be read costs no work: it counts as unknown. */
export const OccurredAt = Type.String({
  maxLength: 40,
  description: "When the event happened in Zendesk, RFC 3339. Whatever else counts as unknown.",
});

/** The time that orders events, so one that cannot be read is refused. */
export const HappenedAt = Type.String({
  format: "date-time",
  maxLength: 40,
  description: "When it happened in Zendesk, RFC 3339; at most a day in the future.",
});

const OptionalId = (description: string) =>
  Type.Optional(Type.Union([ZendeskId, Type.Null()], { description }));

/** The ticket as the event shows it, for the rules of the settings. */
export const TicketIds = {
  form_id: OptionalId("The ticket's form at the event."),
  brand_id: OptionalId("The ticket's brand at the event."),
  group_id: OptionalId("The ticket's group at the event."),
};

/** A Salesforce record id in its 18-character form. */
export const SalesforceId = Type.String({ pattern: "^[a-zA-Z0-9]{18}$" });

/** The one error body. `code` is stable and listed in docs/api.md. */
export const ErrorReply = Type.Object(
  {
    error: Type.Object({
      code: Type.String(),
      message: Type.String(),
      hint: Type.String({ description: "What to do about it." }),
      retryable: Type.Boolean(),
      request_id: Type.String(),
      details: Type.Optional(Type.Unknown()),
    }),
  },
  { $id: "ErrorReply", description: "Every refusal of the server has this form." },
);
export type ErrorReply = Static<typeof ErrorReply>;
