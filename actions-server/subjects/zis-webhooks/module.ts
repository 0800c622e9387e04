/** The inbound webhooks of ZIS, by which the server starts flows. */
import type { Outbound } from "#platform/outbound/send";
import type { Module } from "#platform/module";
import type { Secret } from "#platform/secret";
import { createCaseLinkWebhook } from "./client.ts";
import {
  createInboundWebhooks,
  type InboundWebhooks,
  type InboundWebhooksOptions,
} from "./inbound-webhooks.ts";
import { createZisWebhookRoutes } from "./routes.ts";

export interface ZisWebhooksOptions extends Omit<InboundWebhooksOptions, "fallback"> {
  /** Of the environment: serves accounts that have stored none. */
  readonly caseLinkWebhook:
    | { readonly url: Secret; readonly username: string; readonly password: Secret }
    | undefined;
  readonly outbound: Outbound;
}

export interface ZisWebhooksModule extends Module {
  readonly webhooks: InboundWebhooks;
}

export function createZisWebhooks({
  caseLinkWebhook,
  ...options
}: ZisWebhooksOptions): ZisWebhooksModule {
  const { outbound, random } = options;
  const caseLink =
    caseLinkWebhook && createCaseLinkWebhook({ ...caseLinkWebhook, outbound, random });
  const webhooks = createInboundWebhooks({ ...options, fallback: { caseLink } });
  return { webhooks, routes: createZisWebhookRoutes(webhooks) };
}
