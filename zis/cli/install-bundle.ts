/** How a bundle is installed into a served ZIS: the calls that an administrator would make. */
import type { FastifyInstance } from "fastify";
import { connectionsUsed } from "../engine/connections.ts";
import { isJsonObject } from "../model/json.ts";
import { resourceName } from "../model/names.ts";
import { flowsOf as flowsOfRegistry, type IntegrationView } from "../page/registry-reader.ts";
import { type BundleFile, flowsOf } from "./bundle-file.ts";
import { OWN_ZENDESK } from "./own-zendesk.ts";
import { UsageError } from "../terminal/usage-error.ts";

/** An integration that a bundle was installed into, now or in an earlier process on the same state. */
export interface InstalledIntegration {
  readonly name: string;
  /** Null: kept in the state. */
  readonly file: string | null;
  readonly flows: readonly string[];
  readonly events: readonly { readonly event_source: string; readonly event_type: string }[];
  /** Connections that its flows use and that are still to be made: until then they do not start. */
  readonly missingConnections: readonly string[];
  /** The key to the integration's connections, configs and links. */
  readonly zisToken: string;
}

export interface Keys {
  /** The key to an integration of which the OAuth client is known. */
  zisToken(integration: string, clientId: number): string;
}

const SERVICES = "/api/services/zis";

/** Makes calls that must succeed. */
type Call = <T>(method: "GET" | "POST", url: string, payload?: object) => Promise<T>;

/**
 * Registers the integration, uploads the bundle, installs its job specs, and connects it to the account's
 * own Zendesk if it uses that connection. Throws a UsageError for what is refused.
 *
 * @param authorization the header of an administrator
 */
export async function installBundle(
  app: FastifyInstance,
  bundleFile: BundleFile,
  authorization: string,
  keys: Keys,
): Promise<InstalledIntegration> {
  const { file, integration, bundle } = bundleFile;
  const admin = createCall(app, file, authorization);
  const clientId = await register(admin, integration);
  await admin("POST", `${SERVICES}/registry/${integration}/bundles`, bundle);
  const specs = Object.values(bundle.resources)
    .filter((resource) => resource.type === "ZIS::JobSpec")
    .map(({ properties }) => properties);
  for (const { name } of specs) {
    const fullName = encodeURIComponent(resourceName(integration, "job_spec", name));
    await admin("POST", `${SERVICES}/registry/job_specs/install?job_spec_name=${fullName}`);
  }
  const zisToken = keys.zisToken(integration, clientId);
  const flows = flowsOf(bundleFile).map(({ properties }) => properties.name);
  const used = new Set(flows.flatMap((flow) => [...connectionsUsed(bundle, flow)]));
  return {
    name: integration,
    file,
    flows,
    events: specs.map(({ event_source, event_type }) => ({ event_source, event_type })),
    missingConnections: await connect(
      createCall(app, file, `Bearer ${zisToken}`),
      integration,
      used,
    ),
    zisToken,
  };
}

/**
 * An integration that the state has.
 *
 * @param authorization the header of an administrator
 */
export async function keptIntegration(
  app: FastifyInstance,
  view: IntegrationView,
  authorization: string,
  keys: Keys,
): Promise<InstalledIntegration> {
  const { name, jobSpecs } = view;
  const clientId = await register(createCall(app, name, authorization), name);
  const zisToken = keys.zisToken(name, clientId);
  const flows = flowsOfRegistry([view]);
  const used = new Set(
    flows.flatMap(({ bundle, flow }) => [...connectionsUsed(bundle, flow.name)]),
  );
  return {
    name,
    file: null,
    flows: flows.map(({ flow }) => flow.name),
    events: jobSpecs
      .filter(({ installed }) => installed)
      .map(({ event_source, event_type }) => ({ event_source, event_type })),
    missingConnections: await missingOf(createCall(app, name, `Bearer ${zisToken}`), name, used),
    zisToken,
  };
}

function createCall(app: FastifyInstance, file: string, authorization: string): Call {
  return async <T>(method: "GET" | "POST", url: string, payload?: object) => {
    const headers = { authorization };
    const reply = await app.inject({ method, url, headers, ...(payload && { payload }) });
    const isJson = reply.headers["content-type"]?.toString().includes("json") === true;
    const body: unknown = isJson ? reply.json() : reply.body;
    if (reply.statusCode < 300) return body as T;
    const message = isJsonObject(body) ? body["message"] : body;
    throw new UsageError(`${file}: ${method} ${url}: ${String(message)}`);
  };
}

interface RegisteredIntegration {
  readonly name: string;
  readonly zendesk_oauth_client: { readonly id: number };
}

/** The id of the integration's OAuth client. */
async function register(admin: Call, integration: string): Promise<number> {
  const { integrations } = await admin<{
    readonly integrations: readonly RegisteredIntegration[];
  }>("GET", `${SERVICES}/registry/integrations`);
  const known = integrations.find(({ name }) => name === integration);
  const registered =
    known ??
    (await admin<RegisteredIntegration>("POST", `${SERVICES}/registry/${integration}`, {}));
  return registered.zendesk_oauth_client.id;
}

/** Makes what can be made. @returns the connections that are left to make. */
async function connect(
  call: Call,
  integration: string,
  used: ReadonlySet<string>,
): Promise<string[]> {
  const missing = await missingOf(call, integration, used);
  if (!missing.includes(OWN_ZENDESK)) return missing;
  const { redirect_url } = await call<{ readonly redirect_url: string }>(
    "POST",
    `${SERVICES}/connections/oauth/start/${integration}`,
    { name: OWN_ZENDESK, oauth_client_name: OWN_ZENDESK, grant_type: "client_credentials" },
  );
  const { pathname, search } = new URL(redirect_url);
  await call("GET", `${pathname}${search}`);
  return missing.filter((name) => name !== OWN_ZENDESK);
}

async function missingOf(
  call: Call,
  integration: string,
  used: ReadonlySet<string>,
): Promise<string[]> {
  const all = await call<Readonly<Record<string, unknown>>>(
    "GET",
    `${SERVICES}/integrations/${integration}/connections/all?page[size]=100`,
  );
  const made = Object.values(all)
    .filter((list) => Array.isArray(list))
    .flat() as readonly { readonly name: string }[];
  return [...used].filter((name) => !made.some((each) => each.name === name));
}
