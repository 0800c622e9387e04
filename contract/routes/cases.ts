/** Questions about cases: one by its id, a field of Case, and what other settings would do. */
import { Type, type Static } from "typebox";
import { ErrorReply, SalesforceId, ZendeskIdText } from "../actions/envelope.ts";
import { CaseSummary } from "../actions/resolve-case.ts";
import { Settings, SETTINGS_BODY_BYTES } from "../settings/settings.ts";
import { BUDGET_MS, Nullable, type Route } from "./route.ts";

/** A case as Salesforce has it; null: it has none of this id that the server may read. */
export const CaseReply = Type.Object({ case: Nullable(CaseSummary) });
export type CaseReply = Static<typeof CaseReply>;

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

export const CASE_ROUTES = {
  case: {
    method: "GET",
    path: "/v1/admin/cases/:case_id",
    summary: "A case as Salesforce has it.",
    role: "admin",
    params: Type.Object({ case_id: SalesforceId }),
    budgetMs: BUDGET_MS,
    replies: { 200: CaseReply, 502: ErrorReply },
  },
  "check-reference": {
    method: "POST",
    path: "/v1/admin/settings/references",
    summary: "Whether look-ups by a field of Case can work.",
    role: "admin",
    /** As the setting `case_external_id_field` names it. */
    body: Type.Object({ field: Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_]{0,79}$" }) }),
    budgetMs: BUDGET_MS,
    replies: {
      200: Type.Object({
        problem: Nullable(
          Type.String({ description: "Null: they can work, or Salesforce did not say." }),
        ),
      }),
    },
  },
  "preview-settings": {
    method: "POST",
    path: "/v1/admin/settings/preview",
    summary: "What other settings would do with the ten tickets that changed last.",
    role: "admin",
    body: Type.Object({ settings: Settings }),
    bodyBytes: SETTINGS_BODY_BYTES,
    budgetMs: 20_000,
    replies: { 200: PreviewReply, 502: ErrorReply },
  },
} as const satisfies Record<string, Route>;
