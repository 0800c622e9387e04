/** Reads the environment into one typed object before the server starts, and reports all its faults at once. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { isApiKeyHeader, parseCallers, type Credential } from "#platform/http/callers";
import { isProxyList } from "#platform/http/trusted-proxies";
import type { ReadText } from "#remotes/salesforce/private-key";
import type { SalesforceAuth } from "#remotes/salesforce/session";
import { Secret } from "#platform/secret";
import type { KeyRing } from "#platform/tokens/seal";
import {
  findSalesforceAuth,
  findTokenKeys,
  findZendeskAuth,
  type ZendeskAuth,
} from "./credentials.ts";
import { ENVIRONMENT, type Environment, type Variable } from "./environment.ts";
import { describe, findTogether, toSecret, withDefaults, type SetVariables } from "./variables.ts";

interface AlertMail {
  readonly to: string;
  readonly from: string;
  /** Holds a password. */
  readonly smtpUrl: Secret;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** For readiness and metrics; undefined: they use `port` too. */
  readonly monitoringPort: number | undefined;
  readonly callers: {
    readonly credentials: readonly Credential[];
    /** In lower case. */
    readonly apiKeyHeader: string;
  };
  /** For each account; 0: no limit. */
  readonly rateLimitPerMinute: number;
  /** Empty: no proxy is trusted. */
  readonly trustedProxies: readonly string[];
  /** Undefined: the embedded Postgres in `dataDir`. Holds a password. */
  readonly databaseUrl: Secret | undefined;
  /** Undefined: no Redis. Holds a password. */
  readonly redisUrl: Secret | undefined;
  readonly dataDir: string;
  readonly zendesk: {
    readonly url: string;
    /** As it appears in what Zendesk signs. */
    readonly subdomain: string;
    readonly appFrameworkUrl: string;
    readonly auth: ZendeskAuth;
    /** Above 0, up to 1. */
    readonly budgetShare: number;
  };
  readonly salesforce: {
    readonly loginUrl: string;
    readonly clientId: string;
    readonly auth: SalesforceAuth;
    readonly apiVersion: string;
    /** Above 0, up to 1. */
    readonly budgetShare: number;
  };
  /** Undefined: tokens stay in memory. */
  readonly tokenKeys: KeyRing | undefined;
  readonly alerts: {
    /** How long an account's flows may be silent. */
    readonly afterMs: number;
    /** Its path may be a credential. */
    readonly webhookUrl: Secret | undefined;
    readonly mail: AlertMail | undefined;
  };
  /** Undefined: no traces. */
  readonly traceEndpoint: string | undefined;
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

function splitList(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(",").map((item) => item.trim());
}

function findShapeProblems(read: SetVariables): string[] {
  if (isEnvironment(read)) return [];
  return (isEnvironment.errors ?? []).map((error) => {
    const missing: unknown = error.params["missingProperty"];
    if (typeof missing === "string") return describe(missing as Variable, "is missing");
    return describe(error.instancePath.slice(1) as Variable, `has a wrong form (${error.message})`);
  });
}

function findAlertMail(read: SetVariables): AlertMail | string | undefined {
  const found = findTogether(read, ["ALERT_EMAIL_TO", "ALERT_EMAIL_FROM", "ALERT_SMTP_URL"]);
  if (typeof found !== "object") return found;
  return {
    to: found.ALERT_EMAIL_TO,
    from: found.ALERT_EMAIL_FROM,
    smtpUrl: new Secret(found.ALERT_SMTP_URL),
  };
}

/** Throws one ConfigError that lists all problems. `readText` reads the file of a key. */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  readText: ReadText = (path) => readFileSync(path, "utf8"),
): Config {
  const read = withDefaults(env);
  const problems = findShapeProblems(read);
  const auth = findZendeskAuth(read);
  if (typeof auth === "string") problems.push(auth);
  const mail = findAlertMail(read);
  if (typeof mail === "string") problems.push(mail);
  const salesforceAuth = findSalesforceAuth(read, readText);
  if (typeof salesforceAuth === "string") problems.push(salesforceAuth);
  const tokenKeys = findTokenKeys(read);
  if (typeof tokenKeys === "string") problems.push(tokenKeys);
  const credentials = parseCallers(read["SERVER_TOKENS"] ?? "");
  if (typeof credentials === "string" && read["SERVER_TOKENS"] !== undefined) {
    problems.push(describe("SERVER_TOKENS", credentials));
  }
  if (!isApiKeyHeader(read["API_KEY_HEADER"] ?? "")) {
    problems.push(describe("API_KEY_HEADER", "is a header with a meaning of its own"));
  }
  if (!isProxyList(splitList(read["TRUSTED_PROXIES"]))) {
    problems.push(
      describe("TRUSTED_PROXIES", "holds an entry that is neither an address nor a network"),
    );
  }
  for (const name of ["PORT", "MONITORING_PORT"] as const) {
    if (Number(read[name]) > 65_535) problems.push(describe(name, "is above 65535"));
  }
  if (problems.length > 0 || !isEnvironment(read)) throw new ConfigError(problems);
  if (typeof auth === "string" || typeof credentials === "string") {
    throw new ConfigError(problems);
  }
  if (
    typeof salesforceAuth === "string" ||
    typeof tokenKeys === "string" ||
    typeof mail === "string"
  ) {
    throw new ConfigError(problems);
  }
  return {
    ...toConfig(read, { zendesk: auth, salesforce: salesforceAuth }, credentials),
    tokenKeys,
    alerts: {
      afterMs: Number(read["ALERT_AFTER_MINUTES"]) * 60_000,
      webhookUrl: toSecret(read["ALERT_WEBHOOK_URL"]),
      mail,
    },
  };
}

function toConfig(
  read: Environment,
  auth: { readonly zendesk: ZendeskAuth; readonly salesforce: SalesforceAuth },
  credentials: readonly Credential[],
): Omit<Config, "tokenKeys" | "alerts"> {
  return {
    host: read.HOST ?? "",
    port: Number(read.PORT),
    monitoringPort: read.MONITORING_PORT === undefined ? undefined : Number(read.MONITORING_PORT),
    callers: { credentials, apiKeyHeader: (read.API_KEY_HEADER ?? "").toLowerCase() },
    rateLimitPerMinute: Number(read.RATE_LIMIT_PER_MINUTE),
    trustedProxies: splitList(read.TRUSTED_PROXIES),
    databaseUrl: read.DATABASE_URL === undefined ? undefined : new Secret(read.DATABASE_URL),
    redisUrl: read.REDIS_URL === undefined ? undefined : new Secret(read.REDIS_URL),
    dataDir: read.DATA_DIR ?? "",
    zendesk: {
      url: new URL(read.ZENDESK_URL).origin,
      subdomain: read.ZENDESK_SUBDOMAIN ?? new URL(read.ZENDESK_URL).hostname.split(".")[0] ?? "",
      appFrameworkUrl: read.ZAF_SDK_URL ?? "",
      auth: auth.zendesk,
      budgetShare: Number(read.ZENDESK_BUDGET_SHARE),
    },
    salesforce: {
      loginUrl: new URL(read.SALESFORCE_LOGIN_URL).origin,
      clientId: read.SALESFORCE_CLIENT_ID,
      auth: auth.salesforce,
      apiVersion: read.SALESFORCE_API_VERSION ?? "",
      budgetShare: Number(read.SALESFORCE_BUDGET_SHARE),
    },
    traceEndpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: read.LOG_LEVEL ?? "",
    shutdownGraceMs: Number(read.SHUTDOWN_GRACE_MS),
  };
}
