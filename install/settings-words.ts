/** What each setting accepts, worded for an administrator. */
import { type Settings, SETTINGS_VERSION } from "#contract/settings/settings";

const NOTIFICATION = '"nothing", "tag" or "note"';

/** After "expected". The limits are those of the schema; a test compares. */
export const EXPECTED: Readonly<Record<keyof Settings, string>> = {
  version: `the number ${SETTINGS_VERSION}`,
  revision: "a whole number from 1 to 2147483647",
  enabled: "true or false",
  ignore_tags: "a list of at most 100 tags",
  forms: "a list of at most 100 ids of ticket forms",
  brands: "a list of at most 100 ids of brands",
  groups: "a list of at most 100 ids of groups",
  case_number_field_id: "a whole number of a ticket field, or null",
  case_external_id_field: "the API name of a field of Case, such as Zendesk_Ticket_Id__c, or null",
  match_order:
    'a list of one to three of "case_number", "external_id" and "requester_email", each once',
  on_ambiguous: NOTIFICATION,
  on_unknown_number: NOTIFICATION,
  one_case_per_ticket: "true or false",
  capture_on_solved: "true or false",
  capture_on_closed: "true or false",
  capture_on_public_reply: "true or false",
  capture_share_percent: "a whole number from 0 to 100",
  capture_groups: "a list of at most 100 ids of groups",
  capture_brands: "a list of at most 100 ids of brands",
  capture_forms: "a list of at most 100 ids of ticket forms",
  record_assignments: "true or false",
  sweep_old_tickets: "true or false",
};

/** The same for one item of a list. */
export const EXPECTED_ITEM: Readonly<Partial<Record<keyof Settings, string>>> = {
  ignore_tags: "a tag of 1 to 255 characters",
  forms: "a whole number of a ticket form",
  brands: "a whole number of a brand",
  groups: "a whole number of a group",
  capture_groups: "a whole number of a group",
  capture_brands: "a whole number of a brand",
  capture_forms: "a whole number of a ticket form",
  match_order: '"case_number", "external_id" or "requester_email"',
};
