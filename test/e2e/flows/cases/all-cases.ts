/** All cases, by flow. */
import type { FlowName } from "#test/support/flow-world-events";
import type { FlowCase } from "./flow-case.ts";
import { TICKET_ASSIGNMENT_CHANGED_CASES } from "./ticket-assignment-changed.ts";
import { TICKET_CREATED_CASES } from "./ticket-created.ts";
import { TICKET_CUSTOM_FIELD_CHANGED_CASES } from "./ticket-custom-field-changed.ts";
import { TICKET_EVENT_CASES } from "./ticket-events.ts";
import { DELETION_CASES } from "./ticket-deletions.ts";
import { TICKET_MERGED_CASES } from "./ticket-merged.ts";
import { TICKET_STATUS_CHANGED_CASES } from "./ticket-status-changed.ts";
import { CASE_LINK_REQUESTED_CASES, SETTINGS_SYNC_CASES } from "./webhook-flows.ts";

export const ALL_CASES: Readonly<Record<FlowName, readonly FlowCase[]>> = {
  ticket_created: TICKET_CREATED_CASES,
  ticket_status_changed: TICKET_STATUS_CHANGED_CASES,
  ticket_custom_field_changed: TICKET_CUSTOM_FIELD_CHANGED_CASES,
  ticket_assignment_changed: TICKET_ASSIGNMENT_CHANGED_CASES,
  ticket_merged: TICKET_MERGED_CASES,
  ...TICKET_EVENT_CASES,
  ...DELETION_CASES,
  settings_sync: SETTINGS_SYNC_CASES,
  case_link_requested: CASE_LINK_REQUESTED_CASES,
};

/** Each case with its flow, for tables of tests. */
export const CASE_ROWS = (Object.entries(ALL_CASES) as [FlowName, readonly FlowCase[]][]).flatMap(
  ([flow, cases]) => cases.map((each) => [flow, each.name, each] as const),
);
