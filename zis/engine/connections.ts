/** Which connections a flow needs before it starts. */
import type { Bundle } from "../model/bundle.ts";
import type { FlowDefinition } from "../model/flow.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { parseResourceName } from "../model/names.ts";
import { parsePath, placeholders, type ParsedPath } from "../model/paths.ts";
import { isWhole } from "./machine.ts";

/**
 * The names of the connections that a flow uses, sorted: those of the custom actions that its states call
 * and those of its `$.connections.NAME` paths. ZIS does not start a flow when one of them is missing
 * (observed by a third party); that it resolves exactly these at the start is inferred. What a jq program
 * reads of `.connections` is not among them.
 */
export function connectionsUsed(bundle: Bundle, flow: string): readonly string[] {
  const resources = Object.values(bundle.resources).filter(isWhole);
  const names = new Set<string>();
  const called = new Set<string>();
  for (const { type, properties } of resources) {
    if (type !== "ZIS::Flow" || properties.name !== flow) continue;
    collectPaths(properties.definition as unknown as Json, names);
    collectActions(properties.definition, called);
  }
  for (const { type, properties } of resources) {
    if (type !== "ZIS::Action::Http" || !called.has(properties.name)) continue;
    const { definition } = properties;
    if (isJsonObject(definition) && typeof definition.connectionName === "string") {
      names.add(definition.connectionName);
    }
  }
  return [...names].sort();
}

/** The names of the custom actions that states call, those in Iterators included. */
function collectActions(flow: FlowDefinition, called: Set<string>): void {
  const waiting = [flow];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const states = isJsonObject(at) && isJsonObject(at.States) ? at.States : {};
    for (const state of Object.values(states)) {
      if (!isJsonObject(state)) continue;
      if (state.Type === "Map") waiting.push(state.Iterator);
      const name = state.Type === "Action" ? parseResourceName(state.ActionName)?.name : undefined;
      if (name !== undefined) called.add(name);
    }
  }
}

function collectPaths(definition: Json, names: Set<string>): void {
  const waiting = [definition];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === "string") {
      collectConnection(parsePath(value), names);
      for (const { parsed } of placeholders(value)) collectConnection(parsed, names);
    } else if (Array.isArray(value) || isJsonObject(value)) {
      for (const inner of Object.values(value)) waiting.push(inner);
    }
  }
}

function collectConnection(path: ParsedPath, names: Set<string>): void {
  if (!path.ok) return;
  const [root, name] = path.segments;
  if (root === "connections" && typeof name === "string") names.add(name);
}
