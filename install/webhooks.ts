/** The inbound webhooks of the integration. ZIS does not list them, so each is noted when it is created. */
import { CASE_LINK_REQUESTED, SETTINGS_SYNC, WEBHOOK_SOURCE } from "#contract/webhooks";
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import { deleteConfig, findConfigs, noteOf, putConfig } from "./configs.ts";
import type { StepContext } from "./context.ts";
import { InstallError } from "./install-error.ts";
import { WEBHOOK_SCOPE } from "./notes.ts";
import { type OfIntegration, text } from "./zis-api.ts";

export const WEBHOOK_EVENTS = [SETTINGS_SYNC, CASE_LINK_REQUESTED] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface MadeWebhook {
  readonly uuid: string;
  readonly event: WebhookEvent;
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface NotedWebhook {
  readonly uuid: string;
  readonly event: string;
  /** ISO 8601. */
  readonly madeAt: string;
}

const pathOf = (integration: string, uuid?: string) =>
  `/api/services/zis/inbound_webhooks/generic/${integration}${uuid === undefined ? "" : `/${uuid}`}`;

/** Every webhook that this and earlier installations created and did not delete. */
export async function listNoted(of: OfIntegration): Promise<readonly NotedWebhook[]> {
  const configs = await findConfigs(of, `${WEBHOOK_SCOPE}*`);
  return configs.map(({ config }) => {
    const note = noteOf(config);
    return {
      uuid: text(note, "uuid"),
      event: text(note, "event"),
      madeAt: text(note, "made_at"),
    };
  });
}

/** Creates a webhook and notes it. If this stops in between, an unused webhook stays whose credential nobody knows. */
export async function makeWebhook(context: StepContext, event: WebhookEvent): Promise<MadeWebhook> {
  const { callZendesk, integration, subdomain } = context;
  const { body } = await ask(
    callZendesk,
    {
      method: "POST",
      path: pathOf(integration),
      body: { source_system: WEBHOOK_SOURCE, event_type: event },
      as: "integration",
    },
    `make the webhook ${event}`,
  );
  const made = isJsonObject(body) ? body : {};
  const [uuid, path] = [text(made, "uuid"), text(made, "path")];
  if (uuid === "" || path === "" || text(made, "password") === "") {
    throw new InstallError(
      `Zendesk made the webhook ${event} but did not show its address and credential.`,
      "Try again.",
    );
  }
  const note = { uuid, event, made_at: context.now().toISOString() };
  await putConfig(context, `${WEBHOOK_SCOPE}${uuid}`, note);
  const origin = context.zendeskUrl ?? `https://${subdomain}.zendesk.com`;
  return {
    uuid,
    event,
    url: new URL(path, origin).href,
    username: text(made, "username"),
    password: text(made, "password"),
  };
}

/** Whether it still exists in Zendesk. */
export async function isThere(of: OfIntegration, uuid: string): Promise<boolean> {
  const { status } = await ask(
    of.callZendesk,
    { method: "GET", path: pathOf(of.integration, uuid), as: "integration" },
    "look for a webhook",
    [404],
  );
  return status !== 404;
}

/** Deletes it, then its note; also when it is gone already. Its credential is void then. */
export async function deleteWebhook(of: OfIntegration, uuid: string): Promise<void> {
  await ask(
    of.callZendesk,
    { method: "DELETE", path: pathOf(of.integration, uuid), as: "integration" },
    "delete a webhook",
    [404],
  );
  await deleteConfig(of, `${WEBHOOK_SCOPE}${uuid}`);
}
