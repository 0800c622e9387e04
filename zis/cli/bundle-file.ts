/** What a bundle's file gives to run: its flows, its job specs, and the integration it belongs to. */
import { nearestPhrase } from "../check/nearest.ts";
import type { Bundle, FlowResource, JobSpec } from "../model/bundle.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { parseResourceName } from "../model/names.ts";
import { validateBundle } from "../services/bundle-validation.ts";
import { ServiceError } from "../services/service-error.ts";
import { readObject } from "./files.ts";
import { UsageError } from "../terminal/usage-error.ts";

export interface BundleFile {
  readonly file: string;
  /** The object in the file, as it would be uploaded. */
  readonly content: JsonObject;
  /** The resources that can be run or looked at; others are left out. */
  readonly bundle: Bundle;
  /** The name that the resources' full names share; `local` when there is no full name. */
  readonly integration: string;
  /** Why the registry would not take the bundle, if it would not. */
  readonly refusal: string | undefined;
}

/** Reads a bundle so far as it can be run. Throws a UsageError when it is not even shaped like a bundle. */
export async function readBundle(file: string): Promise<BundleFile> {
  const json = await readObject(file, "a bundle");
  const resources = json.value["resources"];
  if (!isJsonObject(resources)) {
    throw json.problem(
      resources === undefined ? "" : "/resources",
      "a bundle needs the member resources, an object",
    );
  }
  const usable = Object.entries(resources).filter(([, resource]) => isUsable(resource));
  return {
    file,
    content: json.value,
    bundle: bundleOf(json.value, usable),
    integration: integrationOf(json.text),
    refusal: refusalOf(json.value),
  };
}

/** The bundle with the resources that have what the engine relies on. */
function bundleOf(bundle: JsonObject, usable: readonly [string, Json][]): Bundle {
  return { ...bundle, resources: Object.fromEntries(usable) } as unknown as Bundle;
}

function isUsable(resource: Json): boolean {
  if (!isJsonObject(resource) || !isJsonObject(resource["properties"])) return false;
  const { name, definition, flow_name } = resource["properties"];
  const body =
    resource["type"] === "ZIS::JobSpec" ? typeof flow_name === "string" : isJsonObject(definition);
  return typeof name === "string" && body;
}

function integrationOf(text: string): string {
  const names = text.matchAll(/"zis:([a-z0-9_-]+):(?:flow|action):/g);
  for (const [, name = "common"] of names) if (name !== "common") return name;
  return "local";
}

function refusalOf(bundle: JsonObject): string | undefined {
  try {
    validateBundle(bundle);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error.message;
    throw error;
  }
}

/** The flows of a bundle. */
export function flowsOf({ bundle }: BundleFile): FlowResource[] {
  return Object.values(bundle.resources).filter((resource) => resource.type === "ZIS::Flow");
}

/** The flow of a short or full name. Throws a UsageError that lists the names there are. */
export function requireFlow(bundleFile: BundleFile, wanted: string): FlowResource {
  const full = parseResourceName(wanted);
  const name = full?.kind === "flow" ? full.name : wanted;
  const flows = flowsOf(bundleFile);
  const found = flows.find(({ properties }) => properties.name === name);
  if (found) return found;
  const names = flows.map(({ properties }) => properties.name);
  const known = names.length === 0 ? "it has no flows" : `it has ${names.join(", ")}`;
  throw new UsageError(
    `${bundleFile.file} has no flow named "${wanted}"${nearestPhrase(name, names)}; ${known}`,
  );
}

/** The job specs of a bundle, in the order of the file. */
export function jobSpecsOf({ bundle }: BundleFile): readonly JobSpec[] {
  return Object.values(bundle.resources)
    .filter((resource) => resource.type === "ZIS::JobSpec")
    .map(({ properties }) => properties);
}

/** The job specs for an event, in the order of the file. */
export function jobSpecsFor(file: BundleFile, source: string, type: string): readonly JobSpec[] {
  return jobSpecsOf(file).filter(
    ({ event_source, event_type }) => event_source === source && event_type === type,
  );
}
