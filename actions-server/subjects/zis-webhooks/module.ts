/** The inbound webhooks of ZIS, with which the server starts flows. */
import type { Module } from "#platform/module";
import {
  createInboundWebhooks,
  type InboundWebhooks,
  type InboundWebhooksOptions,
} from "./inbound-webhooks.ts";
import { createZisWebhookRoutes } from "./routes.ts";

export interface ZisWebhooksModule extends Module {
  readonly webhooks: InboundWebhooks;
}

export function createZisWebhooks(options: InboundWebhooksOptions): ZisWebhooksModule {
  const webhooks = createInboundWebhooks(options);
  return { webhooks, routes: createZisWebhookRoutes(webhooks) };
}
