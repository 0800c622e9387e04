/** The ZIS service APIs that an installation uses, one function per call. Answers are not trusted to be complete. */
import type { Bundle } from "#zis/model/bundle";
import { isJsonObject, type JsonObject } from "#zis/model/json";
import { resourceName } from "#zis/model/names";
import { ask } from "./ask.ts";
import type { ApiCall, CallApi } from "./zendesk-api.ts";

export interface OfIntegration {
  readonly callZendesk: CallApi;
  readonly integration: string;
}

const REGISTRY = "/api/services/zis/registry";

/** A member as text; empty when it is not text. */
export function text(value: JsonObject, name: string): string {
  const member = value[name];
  return typeof member === "string" ? member : "";
}

function objects(body: unknown, name: string): readonly JsonObject[] {
  const list = isJsonObject(body) ? body[name] : undefined;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** The cursor of the next page; null: this was the last. */
export function nextPage(body: unknown): string | null {
  const meta = isJsonObject(body) ? body["meta"] : undefined;
  if (!isJsonObject(meta) || meta["has_more"] !== true) return null;
  const { after } = meta;
  // Documented as a number in one place, as text in another.
  if (typeof after === "number") return String(after);
  return typeof after === "string" && after !== "" ? after : null;
}

/** All pages of a list. */
export async function allPages(
  call: CallApi,
  request: ApiCall,
  what: string,
  accepted: readonly number[] = [],
): Promise<readonly unknown[]> {
  const pages: unknown[] = [];
  const seen = new Set<string>();
  for (let after: string | null = ""; after !== null;) {
    const path = withPage(request.path, after);
    const { status, body } = await ask(call, { ...request, path }, what, accepted);
    if (accepted.includes(status)) break;
    pages.push(body);
    after = nextPage(body);
    // A repeated cursor would loop forever.
    if (after !== null && seen.has(after)) break;
    seen.add(after ?? "");
  }
  return pages;
}

export function withPage(path: string, after: string, size = 100): string {
  const cursor = after === "" ? "" : `&page%5Bafter%5D=${encodeURIComponent(after)}`;
  return `${path}${path.includes("?") ? "&" : "?"}page%5Bsize%5D=${size}${cursor}`;
}

export interface RegisteredIntegration {
  readonly name: string;
  readonly clientId: number | null;
}

export async function listIntegrations(call: CallApi): Promise<readonly RegisteredIntegration[]> {
  const { body } = await ask(
    call,
    { method: "GET", path: `${REGISTRY}/integrations` },
    "list the integrations",
  );
  return objects(body, "integrations").map((integration) => {
    const client = integration["zendesk_oauth_client"];
    const id = isJsonObject(client) ? client["id"] : undefined;
    return { name: text(integration, "name"), clientId: typeof id === "number" ? id : null };
  });
}

/**
 * Whether the account has the integration, by a call that every credential may make. A token of another client gets 401
 * for an unknown integration, which is inconclusive.
 */
export async function isRegistered({ callZendesk, integration }: OfIntegration): Promise<boolean> {
  const path = withPage(`${REGISTRY}/${integration}/job_specs`, "", 1);
  const { status } = await ask(
    callZendesk,
    { method: "GET", path },
    "look for the integration",
    [404],
  );
  return status !== 404;
}

export interface ListedBundle {
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
}

/** Empty when the integration is unknown. */
export async function listBundles({
  callZendesk,
  integration,
}: OfIntegration): Promise<readonly ListedBundle[]> {
  const request: ApiCall = { method: "GET", path: `${REGISTRY}/${integration}/bundles` };
  const pages = await allPages(callZendesk, request, "list the bundles", [404]);
  return pages
    .flatMap((page) => objects(page, "bundles"))
    .map((bundle) => ({
      uuid: text(bundle, "uuid"),
      name: text(bundle, "name"),
      description: text(bundle, "description"),
    }));
}

/** A bundle as it was uploaded. */
export async function showBundle(of: OfIntegration, uuid: string): Promise<Bundle> {
  const path = `${REGISTRY}/${of.integration}/bundles/${encodeURIComponent(uuid)}`;
  const { body } = await ask(of.callZendesk, { method: "GET", path }, "read the bundle");
  return body as Bundle;
}

export async function uploadBundle(of: OfIntegration, bundle: Bundle): Promise<void> {
  const path = `${REGISTRY}/${of.integration}/bundles`;
  await ask(of.callZendesk, { method: "POST", path, body: bundle }, "upload the bundle");
}

export interface ListedJobSpec {
  /** Short. */
  readonly name: string;
  readonly installed: boolean;
}

/** Empty when the integration is unknown. */
export async function listJobSpecs({
  callZendesk,
  integration,
}: OfIntegration): Promise<readonly ListedJobSpec[]> {
  const request: ApiCall = { method: "GET", path: `${REGISTRY}/${integration}/job_specs` };
  const pages = await allPages(callZendesk, request, "list the job specs", [404]);
  return pages
    .flatMap((page) => objects(page, "job_specs"))
    .map((spec) => ({ name: text(spec, "name"), installed: spec["installed"] === true }));
}

/** Installs or uninstalls one job spec by its short name. */
export async function setInstalled(
  { callZendesk, integration }: OfIntegration,
  name: string,
  installed: boolean,
): Promise<void> {
  const full = encodeURIComponent(resourceName(integration, "job_spec", name));
  const path = `${REGISTRY}/job_specs/install?job_spec_name=${full}`;
  const what = `${installed ? "install" : "uninstall"} the job spec ${name}`;
  await ask(callZendesk, { method: installed ? "POST" : "DELETE", path }, what);
}

/** The names of a bundle's job specs, short. */
export function jobSpecNames(bundle: Bundle): readonly string[] {
  return Object.values(bundle.resources).flatMap((resource) =>
    resource.type === "ZIS::JobSpec" ? [resource.properties.name] : [],
  );
}
