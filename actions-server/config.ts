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
    Text("Ticket field that holds a case number, when a request names none.", {
      pattern: "^[1-9][0-9]{0,18}$",
    }),
  ),
  CASE_EXTERNAL_ID_FIELD: Type.Optional(
    Text("Field of Case that holds the ticket id, when a request names none.", {
      default: "Zendesk_Ticket_Id__c",
      pattern: "^[A-Za-z][A-Za-z0-9_]{0,79}$",
    }),
  ),
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

/** A pair of variables that only make sense together. */
function findPair(read: Record<string, string>, first: Variable, second: Variable) {
  const [left, right] = [read[first], read[second]];
  if (left !== undefined && right !== undefined) return { left, right };
  if (left === undefined && right === undefined) return undefined;
  return describe(left === undefined ? first : second, "is missing");
}

function findZendeskAuth(read: Record<string, string>): ZendeskAuth | string {
  const oauth = findPair(read, "ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET");
  if (typeof oauth === "string") return oauth;
  if (oauth) {
    return { kind: "oauth", clientId: oauth.left, clientSecret: new Secret(oauth.right) };
  }
  const token = findPair(read, "ZENDESK_EMAIL", "ZENDESK_API_TOKEN");
  if (typeof token === "string") return token;
  if (!token) return describe("ZENDESK_CLIENT_ID", "and ZENDESK_CLIENT_SECRET are missing");
  if (read["ZENDESK_ALLOW_API_TOKEN"] !== "true") {
    return describe(
      "ZENDESK_ALLOW_API_TOKEN",
      "is not true, but ZENDESK_API_TOKEN is all there is (Zendesk ends API tokens on 2027-04-30)",
    );
  }
  return { kind: "api-token", email: token.left, apiToken: new Secret(token.right) };
}

/** Throws one ConfigError that lists all problems. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const read = withDefaults(env);
  const problems = findShapeProblems(read);
  const auth = findZendeskAuth(read);
  if (typeof auth === "string") problems.push(auth);
  const tokens = parseServerTokens(read["SERVER_TOKENS"] ?? "");
  if (typeof tokens === "string" && read["SERVER_TOKENS"] !== undefined) {
    problems.push(describe("SERVER_TOKENS", tokens));
  }
  if (Number(read["PORT"]) > 65_535) problems.push(describe("PORT", "is above 65535"));
  if (problems.length > 0 || !isEnvironment(read)) throw new ConfigError(problems);
  if (typeof auth === "string" || typeof tokens === "string") throw new ConfigError(problems);
  return toConfig(read, auth, tokens);
}

function toConfig(read: Environment, auth: ZendeskAuth, tokens: readonly ServerToken[]): Config {
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
