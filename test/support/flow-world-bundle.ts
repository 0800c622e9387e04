/** The bundle as the tests of flows run it: rendered and read back, as Zendesk gets it. */
import { buildBundle, GENERATED_OPTIONS } from "#bundle/index";
import { renderBundle } from "#bundle/render";
import type { Bundle } from "#zis/model/bundle";
import type { FlowDefinition } from "#zis/model/flow";
import { parseResourceName } from "#zis/model/names";
import type { FlowEvent } from "./flow-world-events.ts";

export const BUNDLE = JSON.parse(renderBundle(buildBundle(GENERATED_OPTIONS))) as Bundle;

/** Each flow's definition by its name. */
export const FLOWS: ReadonlyMap<string, FlowDefinition> = new Map(
  Object.values(BUNDLE.resources)
    .filter((resource) => resource.type === "ZIS::Flow")
    .map(({ properties }) => [properties.name, properties.definition]),
);

/** The short name of the flow that an event starts. */
export function flowOf(event: FlowEvent): string | undefined {
  const specs = Object.values(BUNDLE.resources)
    .filter((resource) => resource.type === "ZIS::JobSpec")
    .map((resource) => resource.properties);
  const spec = specs.find(
    ({ event_source, event_type }) => event_source === event.source && event_type === event.type,
  );
  return spec && parseResourceName(spec.flow_name)?.name;
}
