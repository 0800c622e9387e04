/** Installs CaseQA the way a real account takes it: every step one HTTP call, as an administrator. */
import { DEFAULT_SETTINGS, SETTINGS_SCOPE } from "#contract/settings/settings";
import type { Settings } from "#contract/settings/settings";
import { CASE_LINK_REQUESTED, SETTINGS_SYNC, WEBHOOK_SOURCE } from "#contract/webhooks";
import { SERVER_CONNECTION } from "#bundle/builders/server-action";
import { buildBundle } from "#bundle/index";
import { renderBundle } from "#bundle/render";
import { resourceName } from "#zis/model/names";

export interface Administrator {
  /** The account's origin, such as `https://acme.zendesk.com`. */
  readonly zendeskUrl: string;
  readonly email: string;
  readonly apiToken: string;
}

export interface Registered {
  readonly integration: string;
  /** A token of the integration's own OAuth client: the key to its connections, configs, links and webhooks. */
  readonly zisToken: string;
}

/** Where an event of ours is posted, and with which credential; ZIS shows it once. */
export interface Webhook {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface Webhooks {
  readonly settingsSync: Webhook;
  readonly caseLinkRequested: Webhook;
}

/**
 * Registers the integration and issues a token of its client. Like every step here it throws an Error that
 * names the step, the status and the answer.
 */
export async function registerIntegration(
  admin: Administrator,
  integration: string,
): Promise<Registered> {
  const basic = basicOf(admin);
  const registered = await post(
    "register the integration",
    `${servicesOf(admin)}/registry/${integration}`,
    basic,
    { description: "CaseQA" },
  );
  const client = (registered as { zendesk_oauth_client: { id: number } }).zendesk_oauth_client;
  const issued = await post(
    "issue a token",
    `${admin.zendeskUrl}/api/v2/oauth/tokens.json`,
    basic,
    { token: { client_id: client.id, scopes: ["read", "write"] } },
  );
  return {
    integration,
    zisToken: (issued as { token: { full_token: string } }).token.full_token,
  };
}

/** Creates the inbound webhooks by which flows are started from outside. */
export async function createWebhooks(
  admin: Administrator,
  registered: Registered,
): Promise<Webhooks> {
  return {
    settingsSync: await createWebhook(admin, registered, SETTINGS_SYNC),
    caseLinkRequested: await createWebhook(admin, registered, CASE_LINK_REQUESTED),
  };
}

async function createWebhook(
  admin: Administrator,
  { integration, zisToken }: Registered,
  eventType: string,
): Promise<Webhook> {
  const created = (await post(
    `create the webhook ${eventType}`,
    `${servicesOf(admin)}/inbound_webhooks/generic/${integration}`,
    `Bearer ${zisToken}`,
    { source_system: WEBHOOK_SOURCE, event_type: eventType },
  )) as { path: string; username: string; password: string };
  const { username, password } = created;
  return { url: new URL(created.path, admin.zendeskUrl).href, username, password };
}

export interface InstallOptions {
  readonly serverUrl: string;
  /** The bearer token by which the server knows the flows. */
  readonly serverToken: string;
  readonly settings: Partial<Settings>;
}

/** Uploads the bundle, installs every job spec, creates the connection to the server, writes the settings. */
export async function installBundle(
  admin: Administrator,
  { integration, zisToken }: Registered,
  options: InstallOptions,
): Promise<void> {
  const services = servicesOf(admin);
  const bearer = `Bearer ${zisToken}`;
  const bundle = buildBundle({ integration, serverUrl: options.serverUrl });
  await post(
    "upload the bundle",
    `${services}/registry/${integration}/bundles`,
    basicOf(admin),
    renderBundle(bundle),
  );
  // Every upload orphans the installed job specs, so each is installed after it (seen on live accounts).
  for (const resource of Object.values(bundle.resources)) {
    if (resource.type !== "ZIS::JobSpec") continue;
    const name = resourceName(integration, "job_spec", resource.properties.name);
    const install = `${services}/registry/job_specs/install?job_spec_name=${encodeURIComponent(name)}`;
    await post(`install ${name}`, install, bearer);
  }
  await post(
    "create the connection",
    `${services}/integrations/${integration}/connections/bearer_token`,
    bearer,
    {
      name: SERVER_CONNECTION,
      token: options.serverToken,
      allowed_domain: new URL(options.serverUrl).hostname,
    },
  );
  await post("write the settings", `${services}/integrations/${integration}/configs`, bearer, {
    scope: SETTINGS_SCOPE,
    config: { ...DEFAULT_SETTINGS, ...options.settings },
  });
}

/** Asks for a run of settings_sync; ZIS answers before the flow has run. */
export async function syncSettings(webhook: Webhook, eventId: string): Promise<void> {
  const credential = Buffer.from(`${webhook.username}:${webhook.password}`).toString("base64");
  await post("ask for a settings sync", webhook.url, `Basic ${credential}`, { event_id: eventId });
}

function basicOf({ email, apiToken }: Administrator): string {
  return `Basic ${Buffer.from(`${email}/token:${apiToken}`).toString("base64")}`;
}

function servicesOf({ zendeskUrl }: Administrator): string {
  return `${zendeskUrl}/api/services/zis`;
}

async function post(
  step: string,
  url: string,
  authorization: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`Could not ${step}: ${response.status} ${text.slice(0, 500)}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
