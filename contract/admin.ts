/** What administrators ask the server: the app, by a session that Zendesk vouched for, or an operator, by a server token. */
import { Type, type Static, type TSchema } from "typebox";
import { SalesforceId, ZendeskIdText } from "./actions/envelope.ts";
import { CaseSummary } from "./actions/resolve-case.ts";
import { Settings, SETTINGS_BODY_BYTES } from "./settings/settings.ts";

const Instant = Type.String({
  format: "date-time",
  maxLength: 40,
  description: "An instant in UTC, ISO 8601.",
});
const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** What a Zendesk user may do here: administrators everything, agents see the log of a ticket, others nothing. */
export const Role = Type.Union([Type.Literal("admin"), Type.Literal("agent")]);
export type Role = Static<typeof Role>;

export const Me = Type.Object({
  account: Type.String(),
  /** Null for a caller that is no Zendesk user. */
  user_id: Nullable(ZendeskIdText),
  role: Role,
  expires_at: Nullable(Instant),
});
export type Me = Static<typeof Me>;

/** Which installation of the app in Zendesk this server believes. */
export const Installation = Type.Object({
  app_id: ZendeskIdText,
  installation_id: ZendeskIdText,
  /** PEM; absent: the server fetches it from Zendesk with its own credential. */
  public_key: Type.Optional(Type.String({ maxLength: 10_000 })),
});
export type Installation = Static<typeof Installation>;

const WebhookTarget = Type.Object({
  url: Type.String({ maxLength: 2_000 }),
  username: Type.String({ maxLength: 300 }),
  password: Type.String({ maxLength: 300 }),
});

/** The inbound webhooks of ZIS, whose passwords are shown once: the server keeps them sealed. */
export const Webhooks = Type.Object({
  settings_sync: WebhookTarget,
  case_link_requested: WebhookTarget,
});
export type Webhooks = Static<typeof Webhooks>;

export const HealthCheck = Type.Object({
  /** Such as `database`, `zendesk_login`, `zendesk_scopes`, `salesforce_login`, `salesforce_objects`, `clock`, `redis`, `webhooks`, `settings`. */
  name: Type.String(),
  state: Type.Union([Type.Literal("ok"), Type.Literal("warning"), Type.Literal("failed")]),
  message: Type.String(),
  /** What to do; null when it is well. */
  cure: Nullable(Type.String()),
});
export type HealthCheck = Static<typeof HealthCheck>;

const SweepState = Type.Union([
  Type.Literal("running"),
  Type.Literal("finished"),
  Type.Literal("failed"),
]);

/** An event that the server started itself, to see it come back through Zendesk. */
export const TestEvent = Type.Object({
  id: Type.String(),
  asked_at: Instant,
  /** Why Zendesk did not take it; null: it did. */
  problem: Nullable(Type.String()),
  /** Null: its flow has not called the server. */
  arrived_at: Nullable(Instant),
  /** What the server answered the flow: an outcome, or a code of the error table. */
  outcome: Nullable(Type.String()),
  failed: Nullable(Type.Boolean()),
});
export type TestEvent = Static<typeof TestEvent>;

/** Calls of actions that the server refused, because it does not know their credential. */
export const RefusedCalls = Type.Object({
  /** `bearer`, `basic`, `api_key`, or `none` when no credential was shown. */
  kind: Type.String(),
  /** Tells one credential from another and leads back to none; empty: none was shown. */
  fingerprint: Type.String(),
  /** It was in this account's SERVER_TOKENS once. */
  was_ours: Type.Boolean(),
  calls: Type.Integer(),
  first_at: Instant,
  last_at: Instant,
});
export type RefusedCalls = Static<typeof RefusedCalls>;

/** Whether the account's flows reach the server. */
export const FlowContact = Type.Object({
  /** The last call for an event of a ticket; null: none yet. */
  last_event_at: Nullable(Instant),
  last_test_event: Nullable(TestEvent),
  /** The newest first. */
  refused: Type.Array(RefusedCalls),
  /** An administrator has CaseQA disabled: nothing is expected. */
  paused: Type.Boolean(),
});
export type FlowContact = Static<typeof FlowContact>;

export const Health = Type.Object({
  version: Type.String(),
  now: Instant,
  checks: Type.Array(HealthCheck),
  settings_revision: Nullable(Type.Integer()),
  /** From an event in Zendesk to its work here, over the last hour; null: none came. */
  lag: Nullable(
    Type.Object({ p50_seconds: Type.Number(), p99_seconds: Type.Number(), events: Type.Integer() }),
  ),
  queues: Type.Array(
    Type.Object({
      queue: Type.String(),
      open: Type.Integer(),
      dead: Type.Integer(),
      oldest_seconds: Type.Number(),
    }),
  ),
  /** Calls that we may still make of each remote's limits; empty until the first call. */
  budget: Type.Array(
    Type.Object({ remote: Type.String(), limit: Type.String(), left: Type.Number() }),
  ),
  last_sweep: Nullable(
    Type.Object({
      id: Type.String(),
      state: SweepState,
      finished_at: Nullable(Instant),
      /** While it waits for what Zendesk's export holds back: until when. */
      waits_until: Nullable(Instant),
    }),
  ),
  /** Tickets that sweeps could not finish and ask for again; null: it could not be read. */
  owed_tickets: Nullable(Type.Integer()),
  /** Null: it could not be read. */
  flows: Nullable(FlowContact),
});
export type Health = Static<typeof Health>;

/** One thing that the server did or refused, newest first. Never holds a message body. */
export const LogEntry = Type.Object({
  id: Type.String(),
  at: Instant,
  operation: Type.String(),
  ticket_id: Nullable(ZendeskIdText),
  /** The Idempotency-Key: account's event and operation. */
  event_key: Nullable(Type.String()),
  /** `outcome` of the answer, or the code of the error table. */
  outcome: Type.String(),
  failed: Type.Boolean(),
  message: Nullable(Type.String()),
  cure: Nullable(Type.String()),
  duration_ms: Type.Number(),
});
export type LogEntry = Static<typeof LogEntry>;

export const LogReply = Type.Object({
  entries: Type.Array(LogEntry),
  next: Nullable(Type.String()),
});
export type LogReply = Static<typeof LogReply>;

/** What the server knows of one ticket. */
export const TicketReply = Type.Object({
  ticket_id: ZendeskIdText,
  /** Oldest first. */
  entries: Type.Array(LogEntry),
  conversation_captured_at: Nullable(Instant),
});
export type TicketReply = Static<typeof TicketReply>;

export const SettingsHistory = Type.Object({
  /** Newest first. */
  entries: Type.Array(
    Type.Object({ revision: Type.Integer(), applied_at: Instant, settings: Settings }),
  ),
});
export type SettingsHistory = Static<typeof SettingsHistory>;

/** Whether flows are expected to call; while they are not, silence is expected too. */
export const FlowsExpected = Type.Object({ expected: Type.Boolean() });
export type FlowsExpected = Static<typeof FlowsExpected>;

/** A field of Case, as the setting `case_external_id_field` names it. */
export const ReferenceRequest = Type.Object({
  field: Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_]{0,79}$" }),
});
export type ReferenceRequest = Static<typeof ReferenceRequest>;

/** Why look-ups by that field cannot work; null: they do, or Salesforce did not say. */
export const ReferenceCheck = Type.Object({ problem: Nullable(Type.String()) });
export type ReferenceCheck = Static<typeof ReferenceCheck>;

export const PreviewRequest = Type.Object({ settings: Settings });
export type PreviewRequest = Static<typeof PreviewRequest>;

/** What the flows would do with the last ten tickets under settings that are not saved yet. */
export const PreviewReply = Type.Object({
  tickets: Type.Array(
    Type.Object({
      ticket_id: ZendeskIdText,
      subject: Type.String(),
      /** Null: the ticket counts. Otherwise why it is left alone, such as `ignored tag bulk_import`. */
      left_alone: Nullable(Type.String()),
      /** The look-up's outcome; null when it is not made. */
      look_up: Nullable(
        Type.Union([
          Type.Literal("matched"),
          Type.Literal("ambiguous"),
          Type.Literal("none"),
          Type.Literal("unavailable"),
        ]),
      ),
      case_id: Nullable(SalesforceId),
      /** What would be done, each a sentence. */
      would: Type.Array(Type.String()),
    }),
  ),
});
export type PreviewReply = Static<typeof PreviewReply>;

/** A case as Salesforce has it; null: it has none of this id that the server may read. */
export const CaseReply = Type.Object({ case: Nullable(CaseSummary) });
export type CaseReply = Static<typeof CaseReply>;

export const SweepRequest = Type.Object(
  {
    /** Tickets changed since then; absent: since where the sweeps before this one end without a gap, at first 24 hours back. */
    since: Type.Optional(Instant),
    /** Reports without repairing. */
    dry_run: Type.Optional(Type.Boolean()),
    /** Why: at an install, by the hour, or on demand. */
    reason: Type.Optional(
      Type.Union([Type.Literal("upload"), Type.Literal("hourly"), Type.Literal("demand")]),
    ),
  },
  { additionalProperties: false },
);
export type SweepRequest = Static<typeof SweepRequest>;

export const SweepReport = Type.Object({
  id: Type.String(),
  state: SweepState,
  reason: Type.String(),
  dry_run: Type.Boolean(),
  since: Instant,
  started_at: Instant,
  finished_at: Nullable(Instant),
  /** While it waits for what Zendesk's export holds back: until when. */
  waits_until: Nullable(Instant),
  tickets_looked_at: Type.Integer(),
  /** In Zendesk, not here: an event that did not come. */
  missed: Type.Integer(),
  /** Here, but of an older state than Zendesk's. */
  stale: Type.Integer(),
  /** Here, with no counterpart in Zendesk. */
  extra: Type.Integer(),
  repaired: Type.Integer(),
  message: Nullable(Type.String()),
  /** At most 1,000, each with what was wrong and what was done. */
  findings: Type.Array(
    Type.Object({
      ticket_id: ZendeskIdText,
      kind: Type.Union([Type.Literal("missed"), Type.Literal("stale"), Type.Literal("extra")]),
      what: Type.String(),
      repaired: Type.Boolean(),
    }),
  ),
});
export type SweepReport = Static<typeof SweepReport>;

/**
 * The paths. All but `session` take `Authorization: Bearer` with a server token (an operator, counts as administrator)
 * or an app session. `session` takes Zendesk's signed form POST and answers with a page.
 */
export const ADMIN_PATHS = {
  session: "/v1/admin/session",
  renew: "/v1/admin/session/renew",
  me: "/v1/admin/me",
  installation: "/v1/admin/installation",
  webhooks: "/v1/admin/webhooks",
  health: "/v1/admin/health",
  flows: "/v1/admin/flows",
  log: "/v1/admin/log",
  ticket: "/v1/admin/tickets/:ticket_id",
  case: "/v1/admin/cases/:case_id",
  settingsHistory: "/v1/admin/settings/history",
  settingsSync: "/v1/admin/settings/sync",
  references: "/v1/admin/settings/references",
  preview: "/v1/admin/settings/preview",
  sweeps: "/v1/admin/sweeps",
  sweep: "/v1/admin/sweeps/:id",
} as const;

/** The longest bodies that are read, in bytes; the routes that are not named take 4 KB. */
export const ADMIN_BODY_BYTES = {
  installation: 65_536,
  webhooks: 65_536,
  preview: SETTINGS_BODY_BYTES,
} as const;

/** How the page of `session` hands the session to the app's other locations, through ZAF's instances. */
export const SESSION_ASKED = "caseqa.session.asked";
export const SESSION_GIVEN = "caseqa.session.given";
