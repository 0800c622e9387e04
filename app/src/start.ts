/** What the app finds out before it shows its pages: account, address of the server, language, colours and role. */
import { askRoute } from "#contract/client";
import type { Installation } from "#contract/routes/access";
import type { BundleTemplate } from "#install/bundle-template";
import { integrationName, type StepContext } from "#install/context";
import type { ApiCall, CallApi } from "#install/zendesk-api";
import type { Scheme } from "./app-context.ts";
import { languageOf, type Language } from "./texts/languages.ts";
import { callServerBy, callServerOnce } from "./zaf/call.ts";
import type { ZafClient, ZafMetadata } from "./zaf/client.ts";
import { createSession } from "./zaf/session.ts";
import { createAppCalls } from "./zaf/zendesk-calls.ts";

interface StartOptions {
  readonly client: ZafClient;
  /** The query of the page's own address, in which Zendesk passes the colours. */
  readonly query: URLSearchParams;
  readonly template: BundleTemplate;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export type Started = { readonly language: Language; readonly scheme: Scheme } & (
  | { readonly outcome: "bad_url" }
  /** Not an administrator: the server would refuse, so nothing is shown. */
  | { readonly outcome: "not_admin" }
  | {
      readonly outcome: "ready";
      readonly steps: Omit<StepContext, "serverToken">;
      readonly introduce: (serverToken: string) => Promise<unknown>;
      readonly endCalls: () => Promise<void>;
    }
);

/** An https origin; http only on this machine. */
const ORIGIN = /^(?:https:\/\/[^\s/?#@]+|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?)$/;

/** @throws what the SDK throws when Zendesk does not answer */
export async function start(options: StartOptions): Promise<Started> {
  const { client, query, template, now, newId, sleep } = options;
  const [context, metadata, user, scheme] = await Promise.all([
    client.context(),
    client.metadata(),
    client.get("currentUser"),
    schemeOf(client, query),
  ]);
  const { role, locale } = userOf(user["currentUser"]);
  const look = { language: languageOf(locale), scheme };
  if (role !== "admin") return { outcome: "not_admin", ...look };
  const serverUrl = originOf(metadata.settings["server_url"]);
  if (serverUrl === null) return { outcome: "bad_url", ...look };
  const { subdomain } = context.account;
  const session = createSession({
    client,
    instanceGuid: context.instanceGuid,
    now: () => now().getTime(),
    sleep,
  });
  const integration = nameOf(metadata.settings["integration"]) ?? integrationName(subdomain);
  const zendesk = createAppCalls(client, integration);
  // The surrounding page passes its address in the query; webhooks are created for that address.
  const zendeskUrl = originOf(query.get("origin"));
  const steps = {
    ...(zendeskUrl === null ? {} : { zendeskUrl }),
    callZendesk: zendesk.call,
    callServer: callServerBy(client, serverUrl, session),
    callServerAs: (token: string) => (call: ApiCall) =>
      callServerOnce(client, serverUrl, token, call),
    subdomain,
    integration,
    serverUrl,
    template,
    now,
    newId,
    sleep,
  };
  const introduce = async (serverToken: string): Promise<unknown> =>
    askRoute(steps.callServerAs(serverToken), {
      route: "register-installation",
      body: await readInstallation(steps.callZendesk, metadata),
    });
  return { outcome: "ready", ...look, steps, introduce, endCalls: zendesk.close };
}

/** The administrator's own choice; the step `integration` reports a name that ZIS would refuse. */
function nameOf(setting: unknown): string | undefined {
  return typeof setting === "string" && setting.trim() !== "" ? setting.trim() : undefined;
}

/** This installation with the app's key, where Zendesk shows it; otherwise the server has to fetch that itself. */
async function readInstallation(
  callZendesk: CallApi,
  { appId, installationId }: ZafMetadata,
): Promise<Installation> {
  const ids = { app_id: String(appId), installation_id: String(installationId) };
  const path = `/api/v2/apps/${ids.app_id}/public_key.pem`;
  const { status, body } = await callZendesk({ method: "GET", path });
  const isKey = status === 200 && typeof body === "string" && body.includes("PUBLIC KEY");
  return isKey ? { ...ids, public_key: body } : ids;
}

/** The setting without a slash at its end; null: it is not an origin. */
export function originOf(setting: unknown): string | null {
  if (typeof setting !== "string") return null;
  const origin = setting.trim().replace(/\/$/, "");
  return ORIGIN.test(origin) ? origin : null;
}

/** Taken from the query, or else from the SDK. Older hosts provide neither. */
async function schemeOf(client: Pick<ZafClient, "get">, query: URLSearchParams): Promise<Scheme> {
  const said = query.get("colorScheme");
  if (said !== null) return readScheme(said);
  try {
    return readScheme((await client.get("colorScheme"))["colorScheme"]);
  } catch {
    return "light";
  }
}

export function readScheme(said: unknown): Scheme {
  return said === "dark" ? "dark" : "light";
}

function userOf(user: unknown): { readonly role: unknown; readonly locale: string } {
  if (typeof user !== "object" || user === null) return { role: undefined, locale: "en" };
  const { role, locale } = user as { role?: unknown; locale?: unknown };
  return { role, locale: typeof locale === "string" ? locale : "en" };
}
