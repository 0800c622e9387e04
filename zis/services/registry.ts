/**
 * Integrations, their bundles and their job specs. Source: ZIS registry API; what an upload does to
 * installed job specs was observed by a third party.
 *
 * An installation belongs to one version of a job spec. An upload makes new versions, not installed, of
 * the specs it contains; specs that it no longer contains stay as they are and, when installed, go on
 * starting the flow of the bundle that they came with.
 */
import type { Bundle } from "../model/bundle.ts";
import { INTEGRATION_NAME, parseResourceName, resourceName } from "../model/names.ts";
import type { Account } from "./account.ts";
import { validateBundle } from "./bundle-validation.ts";
import { sortedBy } from "./paging.ts";
import { conflict, invalid, notFound, ServiceError } from "./service-error.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import type { Store } from "./store.ts";

export interface Integration {
  readonly name: string;
  readonly description: string;
  readonly jwt_public_key: string;
  /** Numeric id of the OAuth client `zis_NAME`. */
  readonly clientId: number;
}

interface StoredBundle {
  readonly uuid: string;
  readonly integration: string;
  /** As it was sent. */
  readonly content: Bundle;
}

/** One upload, kept for as long as a flow was last uploaded with it. */
interface Generation {
  readonly id: string;
  readonly bundle: Bundle;
}

/** One version of a job spec. */
export interface StoredJobSpec {
  readonly uuid: string;
  readonly integration: string;
  readonly name: string;
  readonly description: string;
  readonly event_source: string;
  readonly event_type: string;
  readonly flow_name: string;
  readonly installed: boolean;
  readonly bundleName: string;
  /** False when the last upload of its bundle no longer contained it. */
  readonly current: boolean;
}

/** A flow together with the bundle whose actions it may call. */
export interface FoundFlow {
  readonly integration: string;
  /** The flow's `properties.name`. */
  readonly flow: string;
  readonly bundle: Bundle;
}

export interface Registry {
  hasIntegration(name: string): boolean;
  integrations(): readonly Integration[];
  /** 400 for a bad name or one that another account owns, 409 for one that this account has. */
  createIntegration(name: string, description: string, jwtPublicKey: string): Integration;
  /** Stores a bundle under its name in place of the one there. 400 when it is refused. */
  upload(integration: string, body: unknown): void;
  /** Sorted by name. */
  bundles(integration: string): readonly StoredBundle[];
  /** 404 when there is no such bundle. */
  bundle(integration: string, uuid: string): StoredBundle;
  /** Sorted by name. */
  jobSpecs(integration: string): readonly StoredJobSpec[];
  /** Installs or uninstalls job specs by full name, all or none. 400 when one is not known. */
  setInstalled(fullNames: readonly string[], installed: boolean): void;
  /** The installed job specs of an event, over all integrations. */
  installedFor(eventSource: string, eventType: string): readonly StoredJobSpec[];
  /** The flow of a full name as last uploaded. */
  flow(fullName: string): FoundFlow | undefined;
}

export interface RegistryOptions {
  readonly store: Store;
  readonly account: Account;
  readonly newId: () => string;
  readonly switches: ServiceSwitches;
  /** Owner (subdomain) of every integration name, shared by all accounts of the process. */
  readonly takenNames: Map<string, string>;
}

const UNKNOWN_JOB_SPEC = "one or more requested job specs is invalid";

/** The registry of one account. */
export function createRegistry(options: RegistryOptions): Registry {
  const { store, account, newId, switches, takenNames } = options;
  const integrations = store.collection<Integration>("integrations");
  const bundles = store.collection<StoredBundle>("bundles");
  const jobSpecs = store.collection<StoredJobSpec>("job_specs");
  const generations = store.collection<Generation>("bundle_generations");
  const flowGenerations = store.collection<string>("flow_generations");
  const fullName = (spec: StoredJobSpec) => resourceName(spec.integration, "job_spec", spec.name);

  for (const { name } of integrations.values()) takenNames.set(name, account.subdomain);

  function storeFlows(integration: string, bundle: Bundle): void {
    const generation = newId();
    generations.set(generation, { id: generation, bundle });
    for (const resource of Object.values(bundle.resources)) {
      if (resource.type !== "ZIS::Flow") continue;
      flowGenerations.set(resourceName(integration, "flow", resource.properties.name), generation);
    }
    const used = new Set(flowGenerations.values());
    for (const { id } of generations.values()) if (!used.has(id)) generations.delete(id);
  }

  function storeJobSpecs(integration: string, bundle: Bundle): void {
    for (const spec of jobSpecs.values()) {
      if (spec.integration !== integration || spec.bundleName !== bundle.name) continue;
      if (spec.installed) jobSpecs.set(fullName(spec), { ...spec, current: false });
      else jobSpecs.delete(fullName(spec));
    }
    for (const resource of Object.values(bundle.resources)) {
      if (resource.type !== "ZIS::JobSpec") continue;
      const { name, event_source, event_type, flow_name } = resource.properties;
      const key = resourceName(integration, "job_spec", name);
      const wasInstalled = jobSpecs.get(key)?.installed ?? false;
      jobSpecs.set(key, {
        uuid: newId(),
        integration,
        name,
        description: "",
        event_source,
        event_type,
        flow_name,
        installed: switches.uploadInstalls === "keep" && wasInstalled,
        bundleName: bundle.name,
        current: true,
      });
    }
  }

  return {
    hasIntegration: (name) => integrations.get(name) !== undefined,
    integrations: () => sortedBy(integrations.values(), ({ name }) => name),
    createIntegration(name, description, jwtPublicKey) {
      if (!INTEGRATION_NAME.test(name)) throw invalid("invalid integration key");
      const known = integrations.get(name);
      if (known && switches.integrationRecreate === "ok") return known;
      if (known) throw conflict(`the integration: ${name} already exists`);
      if ((takenNames.get(name) ?? account.subdomain) !== account.subdomain) {
        const message = `the integration: ${name} is not available for upsert by this account`;
        throw new ServiceError(400, message, { message });
      }
      takenNames.set(name, account.subdomain);
      const client = account.createOAuthClient({ identifier: `zis_${name}`, integration: name });
      const created = { name, description, jwt_public_key: jwtPublicKey, clientId: client.id };
      integrations.set(name, created);
      return created;
    },
    upload(integration, body) {
      const content = validateBundle(body);
      const key = `${integration}/${content.name}`;
      const uuid = bundles.get(key)?.uuid ?? newId();
      storeFlows(integration, content);
      bundles.set(key, { uuid, integration, content });
      storeJobSpecs(integration, content);
    },
    bundles: (integration) =>
      sortedBy(
        [...bundles.values()].filter((bundle) => bundle.integration === integration),
        (bundle) => bundle.content.name,
      ),
    bundle(integration, uuid) {
      const found = [...bundles.values()].find(
        (bundle) => bundle.integration === integration && bundle.uuid === uuid,
      );
      if (found) return found;
      throw notFound(`bundle ${uuid} not found`);
    },
    jobSpecs: (integration) =>
      sortedBy(
        [...jobSpecs.values()].filter((spec) => spec.integration === integration),
        (spec) => spec.name,
      ),
    setInstalled(fullNames, installed) {
      const specs = fullNames.map((name) => jobSpecs.get(name));
      const known = specs.filter((spec) => spec !== undefined);
      const refused = known.length < specs.length || (installed && known.some((s) => !s.current));
      if (refused) throw invalid(UNKNOWN_JOB_SPEC);
      for (const spec of known) {
        if (spec.current) jobSpecs.set(fullName(spec), { ...spec, installed });
        else jobSpecs.delete(fullName(spec));
      }
    },
    installedFor: (eventSource, eventType) =>
      [...jobSpecs.values()].filter(
        (spec) =>
          spec.installed && spec.event_source === eventSource && spec.event_type === eventType,
      ),
    flow(name) {
      const parsed = parseResourceName(name);
      const bundle = generations.get(flowGenerations.get(name) ?? "")?.bundle;
      if (!parsed || !bundle) return undefined;
      return { integration: parsed.integration, flow: parsed.name, bundle };
    },
  };
}
