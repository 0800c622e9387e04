/** The JSON routes with which an installation hands over the inbound webhooks. */
import type { ZIS_WEBHOOK_ROUTES } from "#contract/routes/zis-webhooks";
import type { RouteHandlers } from "#platform/http/json-routes";
import type { InboundWebhooks } from "./inbound-webhooks.ts";

export function createZisWebhookRoutes(
  webhooks: Pick<InboundWebhooks, "store" | "forget">,
): RouteHandlers<typeof ZIS_WEBHOOK_ROUTES> {
  return {
    "store-webhooks": ({ account, body }) => webhooks.store(account, body),
    "forget-webhooks": ({ account }) => webhooks.forget(account),
  };
}
