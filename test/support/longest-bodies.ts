/** The longest body that each contract allows, as what JSON.stringify writes in UTF-8. */

import type { OperationName } from "#contract/actions/operations";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";

type Body = Readonly<Record<string, unknown>>;

const ID = "9".repeat(19);
const IDS = Array.from({ length: 100 }, () => ID);
const CASE_ID = "5".repeat(18);

/** So many characters of JSON Schema, each of four bytes in UTF-8. */
const wide = (characters: number) => "\u{1F600}".repeat(characters);

const RESOLVE: Body = {
  ticket_id: ID,
  case_number_field_id: ID,
  case_external_id_field: "F".repeat(80),
  match_order: ["case_number", "external_id", "requester_email"],
};

const SETTINGS: Body = {
  ...DEFAULT_SETTINGS,
  ignore_tags: Array.from({ length: 100 }, () => wide(255)),
  forms: IDS,
  brands: IDS,
  groups: IDS,
  capture_groups: IDS,
  capture_brands: IDS,
  capture_forms: IDS,
};

const WEBHOOK: Body = { url: wide(2_000), username: wide(300), password: wide(300) };

export const LONGEST_BODIES: Readonly<Record<OperationName, Body>> = {
  "resolve-case": RESOLVE,
  "request-link": RESOLVE,
  "capture-conversation": {
    ticket_id: ID,
    case_id: CASE_ID,
    on: "solved",
    form_id: ID,
    brand_id: ID,
    group_id: ID,
  },
  "merge-conversation": { ticket_id: ID, target_ticket_id: "8".repeat(19) },
  "record-assignment": {
    ticket_id: ID,
    agent_id: ID,
    group_id: ID,
    occurred_at: "2026-03-02T09:15:00.123456789+01:00",
  },
  "record-deletion": {
    ticket_id: ID,
    state: "restored",
    occurred_at: "2026-03-02T09:15:00.123456789+01:00",
  },
  "record-ticket-event": {
    ticket_id: ID,
    kind: "comment_made_private",
    occurred_at: "2026-03-02T09:15:00.123456789+01:00",
    comment_id: ID,
    attachment_id: ID,
    public: false,
    form_id: ID,
    brand_id: ID,
    group_id: ID,
    requester_id: ID,
    tags: wide(6_000),
    tags_added: wide(6_000),
    tags_removed: wide(6_000),
  },
  "record-satisfaction": {
    ticket_id: ID,
    response_id: wide(100),
    kind: "survey",
    score: wide(40),
    rating: 100,
    comment: wide(10_000),
    reason: wide(500),
    requester_id: ID,
    occurred_at: "2026-03-02T09:15:00.123456789+01:00",
  },
  "annotate-ticket": {
    ticket_id: ID,
    telling: "note",
    reason: "unknown_case_number",
    candidates: Array.from({ length: 10 }, () => ({
      id: CASE_ID,
      number: wide(255),
      subject: wide(255),
      status: wide(255),
      is_closed: false,
    })),
  },
  "apply-settings": { settings: SETTINGS },
};

export type LongRouteName =
  | "register-installation"
  | "store-webhooks"
  | "preview-settings"
  | "request-sweep";

export const LONGEST_ROUTE_BODIES: Readonly<Record<LongRouteName, Body>> = {
  "register-installation": { app_id: ID, installation_id: ID, public_key: wide(10_000) },
  "store-webhooks": { settings_sync: WEBHOOK, case_link_requested: WEBHOOK },
  "preview-settings": { settings: SETTINGS },
  "request-sweep": { since: "2026-03-02T09:15:00Z", dry_run: true, reason: "demand" },
};
