/** The ZIS Configs document that an administrator changes: its schema, limits, defaults and scope. */
import { Type, type Static } from "typebox";
import { ZendeskId } from "../actions/envelope.ts";
import { MatchedBy } from "../actions/resolve-case.ts";

/** The scope of the one Config of the integration. */
export const SETTINGS_SCOPE = "caseqa";

/** The version of the document's form that this code writes. Older ones are migrated, newer ones refused. */
export const SETTINGS_VERSION = 4;

/** The longest body that is read where one holds the document: 100 tags of 255 characters are 100 KB. */
export const SETTINGS_BODY_BYTES = 147_456;

/** What to do on the ticket when something has to be said to its agents. */
const Notification = (description: string) =>
  Type.Union([Type.Literal("nothing"), Type.Literal("tag"), Type.Literal("note")], {
    description: `${description} "tag" adds a tag, "note" writes a private comment.`,
  });

const Ids = (what: string) =>
  Type.Array(ZendeskId, {
    maxItems: 100,
    description: `Only tickets of these ${what} count; empty: all do.`,
  });

const CaptureIds = (what: string) =>
  Type.Array(ZendeskId, {
    maxItems: 100,
    description: `Only conversations of these ${what} are stored; empty: all are.`,
  });

export const Settings = Type.Object(
  {
    version: Type.Literal(SETTINGS_VERSION, {
      description: "The version of this document's form.",
    }),
    revision: Type.Integer({
      minimum: 1,
      maximum: 2_147_483_647,
      description: "Grows by one with each save; the server refuses an older one.",
    }),
    enabled: Type.Boolean({
      description:
        "False: every flow ends at once and changes nothing, but what is deleted or redacted in Zendesk still disappears here.",
    }),
    ignore_tags: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      maxItems: 100,
      description: "A ticket that carries one of these tags is left alone (bulk imports).",
    }),
    forms: Ids("ticket forms"),
    brands: Ids("brands"),
    groups: Ids("groups"),
    case_number_field_id: Type.Union([ZendeskId, Type.Null()], {
      description: "The ticket field in which an agent types a Salesforce case number; null: none.",
    }),
    case_external_id_field: Type.Union(
      [Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_]{0,79}$" }), Type.Null()],
      { description: "The field of Case that holds the Zendesk ticket id; null: none." },
    ),
    match_order: Type.Array(MatchedBy, {
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
      description:
        "How cases are looked for, the surest way first; a way that is left out is not used.",
    }),
    on_ambiguous: Notification("What to do when several cases may belong to a ticket."),
    on_unknown_number: Notification(
      "What to do when the typed case number leads to no single case.",
    ),
    one_case_per_ticket: Type.Boolean({
      description: "True: linking a ticket to a case ends its links to other cases.",
    }),
    capture_on_solved: Type.Boolean({
      description: "Store the conversation for quality review when a ticket is solved.",
    }),
    capture_on_closed: Type.Boolean({
      description: "Store the conversation also when a ticket is closed.",
    }),
    capture_on_public_reply: Type.Boolean({
      description: "Store the conversation at every public comment.",
    }),
    capture_share_percent: Type.Integer({
      minimum: 0,
      maximum: 100,
      description:
        "Of how many tickets in a hundred the conversation is stored. Which ones depends on the ticket's id alone, so it never changes.",
    }),
    capture_groups: CaptureIds("groups"),
    capture_brands: CaptureIds("brands"),
    capture_forms: CaptureIds("ticket forms"),
    record_assignments: Type.Boolean({
      description: "Record for quality review who works on a ticket.",
    }),
    sweep_old_tickets: Type.Boolean({
      description:
        "True: the sweep also stores and links tickets that nobody has changed for a month before the time that it covers, when Zendesk itself touches them.",
    }),
  },
  { additionalProperties: false },
);
export type Settings = Static<typeof Settings>;

export const DEFAULT_SETTINGS: Settings = {
  version: SETTINGS_VERSION,
  revision: 1,
  enabled: true,
  ignore_tags: ["bulk_import"],
  forms: [],
  brands: [],
  groups: [],
  case_number_field_id: null,
  case_external_id_field: "Zendesk_Ticket_Id__c",
  match_order: ["case_number", "external_id", "requester_email"],
  on_ambiguous: "note",
  on_unknown_number: "note",
  one_case_per_ticket: true,
  capture_on_solved: true,
  capture_on_closed: false,
  capture_on_public_reply: false,
  capture_share_percent: 100,
  capture_groups: [],
  capture_brands: [],
  capture_forms: [],
  record_assignments: true,
  sweep_old_tickets: false,
};
