/** The inbound webhooks of ZIS by which the server starts flows. */
import { Type, type Static } from "typebox";
import { ErrorReply } from "../actions/envelope.ts";
import { BUDGET_MS, CREDENTIALS_BODY_BYTES, NoContent, type Route } from "./route.ts";

const WebhookTarget = Type.Object({
  url: Type.String({ maxLength: 2_000 }),
  username: Type.String({ maxLength: 300 }),
  password: Type.String({ maxLength: 300 }),
});

/** Their passwords are shown once: the server keeps them sealed. */
export const Webhooks = Type.Object({
  settings_sync: WebhookTarget,
  case_link_requested: WebhookTarget,
});
export type Webhooks = Static<typeof Webhooks>;

export const ZIS_WEBHOOK_ROUTES = {
  "store-webhooks": {
    method: "PUT",
    path: "/v1/admin/webhooks",
    summary: "Hand over the credentials of both inbound webhooks.",
    role: "admin",
    body: Webhooks,
    bodyBytes: CREDENTIALS_BODY_BYTES,
    budgetMs: BUDGET_MS,
    replies: { 204: NoContent, 501: ErrorReply },
  },
  "forget-webhooks": {
    method: "DELETE",
    path: "/v1/admin/webhooks",
    summary: "Forget both webhooks: nothing is posted to them any more.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 204: NoContent },
  },
} as const satisfies Record<string, Route>;
