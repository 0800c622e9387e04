/** Signs in to Zendesk as zcli does: by its environment variables, or the profile of `zcli login`. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { CallApi } from "#install/zendesk-api";
import { type Io, Refused } from "./command.ts";
import { createHttp } from "./http.ts";

export type CredentialKind =
  | "oauth_token"
  | "client_credentials"
  | "api_token"
  | "profile_oauth"
  | "profile_api_token";

export interface ZendeskLogin {
  /** Such as `https://acme.zendesk.com`. */
  readonly origin: string;
  /** With its port, if it has one. */
  readonly host: string;
  /** The first label of the host. */
  readonly subdomain: string;
  readonly kind: CredentialKind;
  readonly call: CallApi;
  /** Calls with another credential only. */
  readonly withBearer: (token: string) => CallApi;
}

const REMEDY =
  "Run zcli login, or set ZENDESK_SUBDOMAIN and one of: ZENDESK_OAUTH_CLIENT_ID with ZENDESK_OAUTH_CLIENT_SECRET " +
  "(scopes read and write), ZENDESK_OAUTH_TOKEN, ZENDESK_EMAIL with ZENDESK_API_TOKEN.";

/** The part of zcli-core's answer that we use; its own types say `any`. */
interface RequestConfig {
  readonly baseURL: string;
  readonly headers: { readonly Authorization: string };
}

/** Signs in, and renews a credential that can be renewed when Zendesk says 401. Throws a Refused without a credential. */
export async function openZendesk({
  env,
  sleep,
}: Pick<Io, "env" | "sleep">): Promise<ZendeskLogin> {
  const fromEnvironment = environmentKind(env);
  // Without either, zcli-core would first try to fetch a keychain library, and take long to fail.
  if (fromEnvironment === undefined && !existsSync(join(homedir(), ".zcli"))) {
    throw new Refused("there is no credential for Zendesk", REMEDY);
  }
  // It takes a while to load, and help and usage errors do not need it.
  const { request } = await import("@zendesk/zcli-core");
  const configure = async (): Promise<RequestConfig> => {
    try {
      return (await withoutWarnings(() => request.createRequestConfig(""))) as RequestConfig;
    } catch (error) {
      throw new Refused(plain((error as Error).message), REMEDY);
    }
  };
  let config = await configure();
  const { baseURL } = config;
  if (!URL.canParse(baseURL)) {
    const names = "ZENDESK_SUBDOMAIN and ZENDESK_DOMAIN (default zendesk.com)";
    throw new Refused(
      `${baseURL} is not the address of a Zendesk account`,
      `Correct ${names}: together they are the account's host.`,
    );
  }
  const kind =
    fromEnvironment ??
    (config.headers.Authorization.startsWith("Basic ") ? "profile_api_token" : "profile_oauth");
  const renewable = kind === "client_credentials" || kind === "profile_oauth";
  const http = createHttp({
    origin: baseURL,
    authorization: async () => config.headers.Authorization,
    sleep,
  });
  return {
    origin: baseURL,
    host: new URL(baseURL).host,
    subdomain: new URL(baseURL).hostname.split(".")[0] ?? "",
    kind,
    async call(call) {
      const answer = await http(call);
      if (answer.status !== 401 || !renewable || isRule(answer.body)) return answer;
      // zcli-core renews and stores its credential when one of its own calls is refused.
      await withoutWarnings(() => request.requestAPI("api/v2/users/me.json")).catch(
        () => undefined,
      );
      config = await configure();
      return http(call);
    },
    withBearer: (token) =>
      createHttp({ origin: baseURL, authorization: async () => `Bearer ${token}`, sleep }),
  };
}

/** The order in which zcli-core takes them. */
export function environmentKind(
  env: Readonly<Record<string, string | undefined>>,
): CredentialKind | undefined {
  const has = (...names: readonly string[]) => names.every((name) => (env[name] ?? "") !== "");
  if (!has("ZENDESK_SUBDOMAIN")) return undefined;
  if (has("ZENDESK_OAUTH_TOKEN")) return "oauth_token";
  if (has("ZENDESK_OAUTH_CLIENT_ID", "ZENDESK_OAUTH_CLIENT_SECRET")) return "client_credentials";
  if (has("ZENDESK_EMAIL", "ZENDESK_API_TOKEN")) return "api_token";
  return undefined;
}

/** zcli-core warns about API tokens on each use; caseqa doctor says once when they end. */
async function withoutWarnings<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

/** Refused by a rule, so a fresh token would not help. */
function isRule(body: unknown): boolean {
  return /OAuth being disabled|integration mismatch/.test(JSON.stringify(body) ?? "");
}

function plain(text: string): string {
  return stripVTControlCharacters(text).split("\n")[0] ?? "";
}
