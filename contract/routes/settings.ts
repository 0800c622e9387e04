/** The settings that were in force. */
import { Type, type Static } from "typebox";
import { Settings } from "../settings/settings.ts";
import { BUDGET_MS, Instant, type Route } from "./route.ts";

export const SettingsHistory = Type.Object({
  /** Newest first. */
  entries: Type.Array(
    Type.Object({ revision: Type.Integer(), applied_at: Instant, settings: Settings }),
  ),
});
export type SettingsHistory = Static<typeof SettingsHistory>;

export const SETTINGS_ROUTES = {
  "settings-history": {
    method: "GET",
    path: "/v1/admin/settings/history",
    summary: "Every document that was in force, the newest first.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 200: SettingsHistory },
  },
} as const satisfies Record<string, Route>;
