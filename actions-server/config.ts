/** What the environment must say before the server starts; every fault of it is told at once. */
import { Ajv } from "ajv";
import { Type, type Static } from "typebox";
import { parseServerTokens, type ServerToken } from "./http/server-tokens.ts";
import { Secret } from "./secret.ts";

const Text = (description: string, options: { default?: string; pattern?: string } = {}) =>
  Type.String({ minLength: 1, description, ...options });
const ORIGIN = "^https?://[^/?#@\\s]+/?$";
const INTEGER = "^[0-9]{1,9}$";

/** The variables, as text. Those with a default, and those that are optional, may be unset or empty. */
export const ENVIRONMENT = Type.Object({
  HOST: Type.Optional(Text("Address to listen on; 0.0.0.0 for all.", { default: "127.0.0.1" })),
  PORT: Type.Optional(
    Text("Port to listen on; 0 takes a free one.", { default: "8080", pattern: INTEGER }),
  ),
  SERVER_TOKENS: Text(
    'Who may call: account:token,account:token or JSON such as {"acme":["old","new"]}. The account is a name or number of your choice, kept with all its data; a token has at least 16 characters.',
  ),
  DATABASE_URL: Type.Optional(
    Text("Postgres to use; unset: the embedded one in DATA_DIR.", { pattern: "^postgres(ql)?://" }),
  ),
  DATA_DIR: Type.Optional(Text("Folder of the embedded Postgres.", { default: ".caseqa" })),
  ZENDESK_URL: Text("Origin of the Zendesk account, https://{subdomain}.zendesk.com.", {
    pattern: ORIGIN,
  }),
  ZENDESK_CLIENT_ID: Type.Optional(Text("Identifier of the OAuth client in Zendesk.")),
  ZENDESK_CLIENT_SECRET: Type.Optional(Text("Secret of that client.")),
  ZENDESK_EMAIL: Type.Optional(Text("Agent whose API token is used; see ZENDESK_ALLOW_API_TOKEN.")),
  ZENDESK_API_TOKEN: Type.Optional(Text("API token of that agent.")),
  ZENDESK_ALLOW_API_TOKEN: Type.Optional(
    Text("true: an API token may be used until the account has an OAuth client.", {
      default: "false",
      pattern: "^(true|false)$",
    }),
  ),
  SALESFORCE_LOGIN_URL: Text("My Domain of the org, https://{domain}.my.salesforce.com.", {
    pattern: ORIGIN,
  }),
  SALESFORCE_CLIENT_ID: Text("Consumer key of the connected app (client credentials flow)."),
  SALESFORCE_CLIENT_SECRET: Text("Consumer secret of that app."),
  SALESFORCE_API_VERSION: Type.Optional(
    Text("Version of the Salesforce REST API.", { default: "67.0", pattern: "^[0-9]{2,3}\\.0$" }),
  ),
  CASE_NUMBER_FIELD_ID: Type.Optional(
    Text(
      "Ticket field that holds a case number, when neither the request nor the settings in ZIS Configs say.",
      {
        pattern: "^[1-9][0-9]{0,18}$",
      },
    ),
  ),
  CASE_EXTERNAL_ID_FIELD: Type.Optional(
    Text(
      "Field of Case that holds the ticket id, when neither the request nor the settings in ZIS Configs say.",
      {
        default: "Zendesk_Ticket_Id__c",
        pattern: "^[A-Za-z][A-Za-z0-9_]{0,79}$",
      },
    ),
  ),
  ZIS_WEBHOOK_CASE_LINK_URL: Type.Optional(
    Text(
      "Full address of the ZIS inbound webhook case_link_requested, as its creation answered it; needed by request-link.",
      { pattern: "^https?://[^/?#@\\s]+/[^?#@\\s]+$" },
    ),
  ),
  ZIS_WEBHOOK_CASE_LINK_USERNAME: Type.Optional(Text("User name of that webhook.")),
  ZIS_WEBHOOK_CASE_LINK_PASSWORD: Type.Optional(Text("Password of that webhook.")),
  LOG_LEVEL: Type.Optional(
    Text("Least level that is logged.", {
      default: "info",
      pattern: "^(trace|debug|info|warn|error|fatal|silent)$",
    }),
  ),
  SHUTDOWN_GRACE_MS: Type.Optional(
    Text("Time for running requests and jobs to end on SIGTERM.", {
      default: "10000",
      pattern: INTEGER,
    }),
  ),
});

type Environment = Static<typeof ENVIRONMENT>;
type Variable = keyof Environment;

type ZendeskAuth =
  | { readonly kind: "oauth"; readonly clientId: string; readonly clientSecret: Secret }
  | { readonly kind: "api-token"; readonly email: string; readonly apiToken: Secret };

interface InboundWebhook {
  /** Its path is a part of the credential. */
  readonly url: Secret;
  readonly username: string;
  readonly password: Secret;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly serverTokens: readonly ServerToken[];
  /** Undefined: the embedded Postgres in `dataDir`. Holds a password. */
  readonly databaseUrl: Secret | undefined;
  readonly dataDir: string;
  readonly zendesk: { readonly url: string; readonly auth: ZendeskAuth };
  readonly salesforce: {
    readonly loginUrl: string;
    readonly clientId: string;
    readonly clientSecret: Secret;
    readonly apiVersion: string;
  };
  readonly matching: {
    readonly caseNumberFieldId: string | undefined;
    readonly caseExternalIdField: string | undefined;
  };
  /** Undefined: the server asks Zendesk for no links. */
  readonly caseLinkWebhook: InboundWebhook | undefined;
  readonly logLevel: string;
  readonly shutdownGraceMs: number;
}

/** Lists every fault of the environment; never shows a value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(problems: readonly string[]) {
    super(`the environment is not right:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
  }
}

const isEnvironment = new Ajv({ allErrors: true }).compile<Environment>(ENVIRONMENT);

/** Empty counts as unset; unset takes its default. */
function withDefaults(env: NodeJS.ProcessEnv): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [name, property] of Object.entries(ENVIRONMENT.properties)) {
    const fallback = "default" in property ? String(property.default) : undefined;
    const value = env[name]?.trim() || fallback;
    if (value !== undefined) read[name] = value;
  }
  return read;
}

/** What the variable is for, in one line. */
export function describeVariable(name: Variable): string {
  const property: object = ENVIRONMENT.properties[name];
  return "description" in property ? String(property.description) : "";
}

function describe(name: Variable, fault: string): string {
  return `${name} ${fault}. ${describeVariable(name)}`;
}

function findShapeProblems(read: Record<string, string>): string[] {
  if (isEnvironment(read)) return [];
  return (isEnvironment.errors ?? []).map((error) => {
    const missing: unknown = error.params["missingProperty"];
    if (typeof missing === "string") return describe(missing as Variable, "is missing");
    return describe(error.instancePath.slice(1) as Variable, `has a wrong form (${error.message})`);
  });
}

/** Variables that only make sense together: undefined when none is set, the problem when some are not. */
function findTogether<const Names extends readonly Variable[]>(
  read: Record<string, string>,
  names: Names,
): Record<Names[number], string> | string | undefined {
  const missing = names.filter((name) => read[name] === undefined);
  if (missing.length === names.length) return undefined;
  const [first] = missing;
  if (first !== undefined) return describe(first, "is missing");
  const found = names.map((name) => [name, read[name]]);
  return Object.fromEntries(found) as Record<Names[number], string>;
}

function findZendeskAuth(read: Record<string, string>): ZendeskAuth | string {
  const oauth = findTogether(read, ["ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET"]);
  if (typeof oauth === "string") return oauth;
  if (oauth) {
    return {
      kind: "oauth",
      clientId: oauth.ZENDESK_CLIENT_ID,
      clientSecret: new Secret(oauth.ZENDESK_CLIENT_SECRET),
    };
  }
  const token = findTogether(read, ["ZENDESK_EMAIL", "ZENDESK_API_TOKEN"]);
  if (typeof token === "string") return token;
  if (!token) return describe("ZENDESK_CLIENT_ID", "and ZENDESK_CLIENT_SECRET are missing");
  if (read["ZENDESK_ALLOW_API_TOKEN"] !== "true") {
    return describe(
      "ZENDESK_ALLOW_API_TOKEN",
      "is not true, but ZENDESK_API_TOKEN is all there is (Zendesk ends API tokens on 2027-04-30)",
    );
  }
  return {
    kind: "api-token",
    email: token.ZENDESK_EMAIL,
    apiToken: new Secret(token.ZENDESK_API_TOKEN),
  };
}

function findCaseLinkWebhook(read: Record<string, string>): InboundWebhook | string | undefined {
  const found = findTogether(read, [
    "ZIS_WEBHOOK_CASE_LINK_URL",
    "ZIS_WEBHOOK_CASE_LINK_USERNAME",
    "ZIS_WEBHOOK_CASE_LINK_PASSWORD",
  ]);
  if (typeof found !== "object") return found;
  return {
    url: new Secret(found.ZIS_WEBHOOK_CASE_LINK_URL),
    username: found.ZIS_WEBHOOK_CASE_LINK_USERNAME,
    password: new Secret(found.ZIS_WEBHOOK_CASE_LINK_PASSWORD),
  };
}

/** Throws one ConfigError that lists all problems. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const read = withDefaults(env);
  const problems = findShapeProblems(read);
  const auth = findZendeskAuth(read);
  if (typeof auth === "string") problems.push(auth);
  const webhook = findCaseLinkWebhook(read);
  if (typeof webhook === "string") problems.push(webhook);
  const tokens = parseServerTokens(read["SERVER_TOKENS"] ?? "");
  if (typeof tokens === "string" && read["SERVER_TOKENS"] !== undefined) {
    problems.push(describe("SERVER_TOKENS", tokens));
  }
  if (Number(read["PORT"]) > 65_535) problems.push(describe("PORT", "is above 65535"));
  if (problems.length > 0 || !isEnvironment(read)) throw new ConfigError(problems);
  if (typeof auth === "string" || typeof tokens === "string" || typeof webhook === "string") {
    throw new ConfigError(problems);
  }
  return { ...toConfig(read, auth, tokens), caseLinkWebhook: webhook };
}

function toConfig(
  read: Environment,
  auth: ZendeskAuth,
  tokens: readonly ServerToken[],
): Omit<Config, "caseLinkWebhook"> {
  return {
    host: read.HOST ?? "",
    port: Number(read.PORT),
    serverTokens: tokens,
    databaseUrl: read.DATABASE_URL === undefined ? undefined : new Secret(read.DATABASE_URL),
    dataDir: read.DATA_DIR ?? "",
    zendesk: { url: new URL(read.ZENDESK_URL).origin, auth },
    salesforce: {
      loginUrl: new URL(read.SALESFORCE_LOGIN_URL).origin,
      clientId: read.SALESFORCE_CLIENT_ID,
      clientSecret: new Secret(read.SALESFORCE_CLIENT_SECRET),
      apiVersion: read.SALESFORCE_API_VERSION ?? "",
    },
    matching: {
      caseNumberFieldId: read.CASE_NUMBER_FIELD_ID,
      caseExternalIdField: read.CASE_EXTERNAL_ID_FIELD,
    },
    logLevel: read.LOG_LEVEL ?? "",
    shutdownGraceMs: Number(read.SHUTDOWN_GRACE_MS),
  };
}
