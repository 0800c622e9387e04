/** Another version of our bundle: the same flows, that say of themselves that they are the changed ones. */
import { buildBundle } from "../../../bundle/index.ts";
import {
  type BundleTemplate,
  createTemplate,
  TEMPLATE_OPTIONS,
} from "../../../install/bundle-template.ts";
import type { Resource } from "../../../zis/model/bundle.ts";
import type { FlowDefinition, State } from "../../../zis/model/flow.ts";

/** What the message of each changed flow ends with. */
export const CHANGED = " (changed)";

export async function changedTemplate(): Promise<BundleTemplate> {
  const bundle = buildBundle(TEMPLATE_OPTIONS);
  const resources = Object.entries(bundle.resources).map(([name, resource]) => [
    name,
    changed(resource),
  ]);
  return createTemplate({ ...bundle, resources: Object.fromEntries(resources) as never });
}

function changed(resource: Resource): Resource {
  if (resource.type !== "ZIS::Flow") return resource;
  const { name, definition } = resource.properties;
  return { ...resource, properties: { name, definition: marked(definition) } };
}

function marked(definition: FlowDefinition): FlowDefinition {
  const states = Object.entries(definition.States).map(([name, state]) => [name, said(state)]);
  return { ...definition, States: Object.fromEntries(states) as Record<string, State> };
}

function said(state: State): State {
  return state.Type === "Succeed" && state.Message !== undefined
    ? { ...state, Message: `${state.Message}${CHANGED}` }
    : state;
}
