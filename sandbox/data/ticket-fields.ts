/** The ticket fields of the sample account: the system's own and four custom ones. */
import type { TicketFieldRecord } from "../zendesk/model.ts";

/** The custom field in which agents type a Salesforce case number. */
export const CASE_NUMBER_FIELD_ID = 360_041_270_115;
export const ORDER_NUMBER_FIELD_ID = 360_041_270_131;
export const CONTACT_REASON_FIELD_ID = 360_041_270_147;
export const REFUND_APPROVED_FIELD_ID = 360_041_270_163;

const SYSTEM_FIELDS: readonly (readonly [type: string, title: string])[] = [
  ["subject", "Subject"],
  ["description", "Description"],
  ["status", "Status"],
  ["tickettype", "Type"],
  ["priority", "Priority"],
  ["group", "Group"],
  ["assignee", "Assignee"],
];

/** All ticket fields, made when the account was. */
export function buildTicketFields(createdAt: string): TicketFieldRecord[] {
  const system = SYSTEM_FIELDS.map(([type, title], index) => ({
    id: 360_041_270_001 + index,
    type,
    title,
    removable: false,
    created_at: createdAt,
  }));
  return [
    ...system,
    {
      id: CASE_NUMBER_FIELD_ID,
      type: "text",
      title: "Salesforce case number",
      removable: true,
      created_at: createdAt,
    },
    {
      id: ORDER_NUMBER_FIELD_ID,
      type: "regexp",
      title: "Order number",
      regexp_for_validation: String.raw`\A[A-Z]{2}-\d{6}\z`,
      removable: true,
      created_at: createdAt,
    },
    {
      id: CONTACT_REASON_FIELD_ID,
      type: "tagger",
      title: "Contact reason",
      options: [
        ["reason_order", "Order"],
        ["reason_billing", "Billing"],
        ["reason_delivery", "Delivery partner"],
        ["reason_technical", "Technical fault"],
      ],
      removable: true,
      created_at: createdAt,
    },
    {
      id: REFUND_APPROVED_FIELD_ID,
      type: "checkbox",
      title: "Refund approved",
      removable: true,
      created_at: createdAt,
    },
  ];
}
