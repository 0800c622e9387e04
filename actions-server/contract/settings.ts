/** The ZIS Configs document that an administrator changes: schema, defaults and scope. */
import { Type, type Static } from "typebox";
import { ZendeskId } from "./envelope.ts";

/** The scope of the one Config of the integration. */
export const SETTINGS_SCOPE = "caseqa";

export const Settings = Type.Object(
  {
    version: Type.Literal(1, { description: "The version of this document's form." }),
    enabled: Type.Boolean({ description: "False: every flow ends at once and changes nothing." }),
    ignore_tags: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      maxItems: 100,
      description: "A ticket that carries one of these tags is left alone (bulk imports).",
    }),
    case_number_field_id: Type.Union([ZendeskId, Type.Null()], {
      description: "The ticket field in which an agent types a Salesforce case number.",
    }),
    case_external_id_field: Type.Union([Type.String(), Type.Null()], {
      description: "The field of Case that holds the Zendesk ticket id.",
    }),
  },
  { additionalProperties: false },
);
export type Settings = Static<typeof Settings>;

export const DEFAULT_SETTINGS: Settings = {
  version: 1,
  enabled: true,
  ignore_tags: ["bulk_import"],
  case_number_field_id: null,
  case_external_id_field: "Zendesk_Ticket_Id__c",
};
