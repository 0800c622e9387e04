/** How a bundle is installed into a served ZIS, and what there is to say of an integration then. */
import { connectionsUsed } from "../engine/connections.ts";
import type { Bundle, JobSpec } from "../model/bundle.ts";
import { resourceName } from "../model/names.ts";
import { flowsOf as flowsOfView, type IntegrationView } from "../page/integrations.ts";
import type { Zis } from "../services/create-zis.ts";
import { ServiceError } from "../services/service-error.ts";
import { UsageError } from "../terminal/usage-error.ts";
import { type BundleFile, flowsOf, jobSpecsOf } from "./bundle-file.ts";
import { OWN_ZENDESK } from "./own-zendesk.ts";

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

/** A flow, and the bundle whose actions it calls. */
interface OwnFlow {
  readonly bundle: Bundle;
  readonly name: string;
}

/**
 * Registers the integration, uploads the bundle, installs its job specs, and connects it to the account's
 * own Zendesk if it uses that connection. Throws a UsageError for what is refused.
 *
 * @param adminId in whose name it is connected
 */
export async function installBundle(
  stores: Zis["stores"],
  bundleFile: BundleFile,
  adminId: number,
  keys: Keys,
): Promise<InstalledIntegration> {
  const { file, integration, bundle } = bundleFile;
  const { registry } = stores;
  const specs = jobSpecsOf(bundleFile);
  const flows = flowsOf(bundleFile).map(({ properties: { name } }) => ({ bundle, name }));
  try {
    if (!registry.hasIntegration(integration)) registry.createIntegration(integration, "", "");
    registry.upload(integration, bundle);
    const specNames = specs.map(({ name }) => resourceName(integration, "job_spec", name));
    registry.setInstalled(specNames, true);
    if (missingConnections(stores, integration, flows).includes(OWN_ZENDESK)) {
      await connectOwnZendesk(stores, integration, adminId);
    }
  } catch (error) {
    if (error instanceof ServiceError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
  return describe(stores, { name: integration, file, flows, specs }, keys);
}

/** An integration that the state has. */
export function keptIntegration(
  stores: Zis["stores"],
  view: IntegrationView,
  keys: Keys,
): InstalledIntegration {
  const flows = flowsOfView([view]).map(({ bundle, flow: { name } }) => ({ bundle, name }));
  const specs = view.jobSpecs.filter(({ installed }) => installed);
  return describe(stores, { name: view.name, file: null, flows, specs }, keys);
}

function describe(
  stores: Zis["stores"],
  {
    name,
    file,
    flows,
    specs,
  }: Pick<InstalledIntegration, "name" | "file"> & {
    readonly flows: readonly OwnFlow[];
    readonly specs: readonly JobSpec[];
  },
  keys: Keys,
): InstalledIntegration {
  const clientId = stores.registry.integrations().find((each) => each.name === name)?.clientId ?? 0;
  return {
    name,
    file,
    flows: flows.map((flow) => flow.name),
    events: specs.map(({ event_source, event_type }) => ({ event_source, event_type })),
    missingConnections: missingConnections(stores, name, flows),
    zisToken: keys.zisToken(name, clientId),
  };
}

function missingConnections(
  { connections }: Zis["stores"],
  integration: string,
  flows: readonly OwnFlow[],
): string[] {
  const used = new Set(flows.flatMap(({ bundle, name }) => connectionsUsed(bundle, name)));
  return [...used].filter((name) => connections.find(integration, name) === undefined);
}

async function connectOwnZendesk(
  { oauthConnections }: Zis["stores"],
  integration: string,
  adminId: number,
): Promise<void> {
  const fields = {
    name: OWN_ZENDESK,
    oauth_client_name: OWN_ZENDESK,
    grant_type: "client_credentials",
  };
  const redirectUrl = new URL(oauthConnections.start(integration, fields, adminId));
  const code = redirectUrl.searchParams.get("verification_code") ?? "";
  await oauthConnections.complete(integration, code);
}
