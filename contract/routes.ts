/** The table of JSON routes: what people and programs ask the server, through the app, the command or by themselves. */
import { ACCESS_ROUTES } from "./routes/access.ts";
import { ACTION_LOG_ROUTES } from "./routes/action-log.ts";
import { AGENT_ROUTES } from "./routes/agents.ts";
import { ATTRIBUTE_ROUTES } from "./routes/attributes.ts";
import { CASE_ROUTES } from "./routes/cases.ts";
import { CONVERSATION_ROUTES } from "./routes/conversations.ts";
import { DIRECTORY_ROUTES } from "./routes/directory.ts";
import { FLOW_WATCH_ROUTES } from "./routes/flow-watch.ts";
import { HEALTH_ROUTES } from "./routes/health.ts";
import { SETTINGS_ROUTES } from "./routes/settings.ts";
import { SWEEP_ROUTES } from "./routes/sweep.ts";
import { SYNC_ROUTES } from "./routes/sync.ts";
import { ZIS_WEBHOOK_ROUTES } from "./routes/zis-webhooks.ts";

export const ROUTES = {
  ...ACCESS_ROUTES,
  ...ZIS_WEBHOOK_ROUTES,
  ...FLOW_WATCH_ROUTES,
  ...HEALTH_ROUTES,
  ...ACTION_LOG_ROUTES,
  ...SETTINGS_ROUTES,
  ...CASE_ROUTES,
  ...SWEEP_ROUTES,
  ...SYNC_ROUTES,
  ...CONVERSATION_ROUTES,
  ...AGENT_ROUTES,
  ...DIRECTORY_ROUTES,
  ...ATTRIBUTE_ROUTES,
} as const;

export type RouteName = keyof typeof ROUTES;
