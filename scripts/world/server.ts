/** The world's actions server, in this process. */
import { randomBytes } from "node:crypto";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import { assembleServer, type Deps } from "#actions-server/assemble";
import { createLog } from "#platform/log";
import { OWN_SDK } from "#sandbox/apps/host-routes";
import { type Closers, HOST, originOf } from "./listen.ts";
import type { WorldOptions } from "./options.ts";
import type { WorldSalesforce } from "./salesforce.ts";
import { ACCOUNT_ID, SUBDOMAIN, type WorldZendesk } from "./zendesk.ts";

export interface WorldServer {
  readonly url: string;
  /** The bearer token by which it knows the flows. */
  readonly token: string;
  readonly deps: Deps;
  /** All that it read from its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Surroundings {
  readonly zendesk: WorldZendesk;
  readonly salesforce: WorldSalesforce;
  readonly databaseUrl: string;
}

/** What a server of the world reads, whoever starts it. */
export function serverEnvironment(
  options: Pick<WorldOptions, "ports" | "logLevel" | "zendeskScope">,
  { zendesk, salesforce, databaseUrl }: Surroundings,
  token: string,
): Readonly<Record<string, string>> {
  return {
    HOST,
    PORT: String(options.ports.server),
    LOG_LEVEL: options.logLevel,
    DATABASE_URL: databaseUrl,
    SERVER_TOKENS: `${ACCOUNT_ID}:${token}`,
    ZENDESK_URL: zendesk.url,
    ZENDESK_SUBDOMAIN: SUBDOMAIN,
    ZAF_SDK_URL: `${zendesk.url}${OWN_SDK}`,
    TOKEN_KEYS: `world:${randomBytes(32).toString("base64")}`,
    ZENDESK_CLIENT_ID: zendesk.oauth.clientId,
    ZENDESK_CLIENT_SECRET: zendesk.oauth.clientSecret,
    ...(options.zendeskScope !== undefined && { ZENDESK_SCOPE: options.zendeskScope }),
    SALESFORCE_LOGIN_URL: salesforce.loginUrl,
    SALESFORCE_CLIENT_ID: salesforce.client.clientId,
    SALESFORCE_CLIENT_SECRET: salesforce.client.clientSecret,
  };
}

export async function startServer(
  options: WorldOptions,
  parts: Surroundings & { readonly now: () => Date },
  closers: Closers,
): Promise<WorldServer> {
  const token = randomBytes(24).toString("hex");
  const environment = serverEnvironment(options, parts, token);
  const { deps, close } = await assembleServer(loadConfig(environment), {
    // Standard output belongs to the command: its table, its card, its JSON.
    log: createLog(options.logLevel, process.stderr),
    now: parts.now,
    ...options.overrides,
  });
  closers.push(close);
  const app = await buildApp(deps);
  closers.push(() => app.close());
  await app.listen({ host: HOST, port: options.ports.server });
  return { url: originOf(app), token, deps, environment };
}
