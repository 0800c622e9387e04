/** What the pages show of integrations. */
import type { Bundle, FlowResource, JobSpec } from "../model/bundle.ts";
import type { Registry } from "../services/registry.ts";

export interface JobSpecView extends JobSpec {
  readonly integration: string;
  readonly installed: boolean;
}

export interface IntegrationView {
  readonly name: string;
  readonly description: string;
  readonly bundles: readonly Bundle[];
  readonly jobSpecs: readonly JobSpecView[];
}

/** All of a registry, sorted by name. */
export function integrationsIn(registry: Registry): readonly IntegrationView[] {
  return registry.integrations().map(({ name, description }) => ({
    name,
    description,
    bundles: registry.bundles(name).map(({ content }) => content),
    jobSpecs: registry.jobSpecs(name),
  }));
}

/** A flow with the bundle that it came with. */
export interface FlowView {
  readonly integration: string;
  readonly bundle: Bundle;
  readonly flow: FlowResource["properties"];
}

/** The flows of integrations, in the order of their files. */
export function flowsOf(integrations: readonly IntegrationView[]): FlowView[] {
  return integrations.flatMap(({ name, bundles }) =>
    bundles.flatMap((bundle) =>
      Object.values(bundle.resources).flatMap((resource) =>
        resource.type === "ZIS::Flow"
          ? [{ integration: name, bundle, flow: resource.properties }]
          : [],
      ),
    ),
  );
}

/** The flow of an integration by its short name. */
export function findFlow(
  integrations: readonly IntegrationView[],
  integration: string,
  name: string,
): FlowView | undefined {
  return flowsOf(integrations).find(
    (view) => view.integration === integration && view.flow.name === name,
  );
}
