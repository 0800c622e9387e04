/** Installs the bundle the way a real account takes it: every step one HTTP call, as an administrator. */
import { DEFAULT_SETTINGS, SETTINGS_SCOPE } from "../actions-server/contract/settings.ts";
import type { Settings } from "../actions-server/contract/settings.ts";
import { SERVER_CONNECTION } from "../bundle/build/server-action.ts";
import { buildBundle } from "../bundle/index.ts";
import { renderBundle } from "../bundle/render.ts";
import { resourceName } from "../zis/model/names.ts";

export interface InstallOptions {
  /** The account's origin, such as `https://acme.zendesk.com`. */
  readonly zendeskUrl: string;
  readonly adminEmail: string;
  readonly apiToken: string;
  readonly integration: string;
  readonly serverUrl: string;
  /** The bearer token by which the server knows the flows. */
  readonly serverToken: string;
  readonly settings: Partial<Settings>;
}

export interface Installed {
  /** A token of the integration's own OAuth client: the key to its connections, configs and links. */
  readonly zisToken: string;
}

/**
 * Registers the integration, uploads the bundle, installs every job spec, creates the connection to the
 * server and writes the settings.
 *
 * @throws Error naming the step, the status and the answer of the first call that failed
 */
export async function installBundle(options: InstallOptions): Promise<Installed> {
  const { integration } = options;
  const basic = `Basic ${Buffer.from(`${options.adminEmail}/token:${options.apiToken}`).toString("base64")}`;
  const zis = `${options.zendeskUrl}/api/services/zis`;

  const registered = await post(
    "register the integration",
    `${zis}/registry/${integration}`,
    basic,
    {
      description: "CaseQA",
    },
  );
  const client = (registered as { zendesk_oauth_client: { id: number } }).zendesk_oauth_client;
  const issued = await post(
    "issue a token",
    `${options.zendeskUrl}/api/v2/oauth/tokens.json`,
    basic,
    { token: { client_id: client.id, scopes: ["read", "write"] } },
  );
  const zisToken = (issued as { token: { full_token: string } }).token.full_token;
  const bearer = `Bearer ${zisToken}`;

  const bundle = buildBundle({ integration, serverUrl: options.serverUrl });
  await post(
    "upload the bundle",
    `${zis}/registry/${integration}/bundles`,
    basic,
    renderBundle(bundle),
  );
  // Every upload orphans the installed job specs, so each is installed after it (seen on live accounts).
  for (const resource of Object.values(bundle.resources)) {
    if (resource.type !== "ZIS::JobSpec") continue;
    const name = resourceName(integration, "job_spec", resource.properties.name);
    const install = `${zis}/registry/job_specs/install?job_spec_name=${encodeURIComponent(name)}`;
    await post(`install ${name}`, install, bearer);
  }

  await post(
    "create the connection",
    `${zis}/integrations/${integration}/connections/bearer_token`,
    bearer,
    {
      name: SERVER_CONNECTION,
      token: options.serverToken,
      allowed_domain: new URL(options.serverUrl).hostname,
    },
  );
  await post("write the settings", `${zis}/integrations/${integration}/configs`, bearer, {
    scope: SETTINGS_SCOPE,
    config: { ...DEFAULT_SETTINGS, ...options.settings },
  });
  return { zisToken };
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
