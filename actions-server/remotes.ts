/** The remote systems that the server calls, each with its tokens, its circuit breaker and its budget. */
import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Config } from "./config/config.ts";
import type { Deadline } from "#platform/deadline";
import type { Log } from "#platform/log";
import type { Metrics } from "#platform/metrics/metrics";
import { createLocalCounters, type WindowKind } from "#platform/outbound/budget-counters";
import {
  BACKGROUND_LIMITS,
  ENDPOINT_WINDOW_SECONDS,
  readSalesforceLimits,
  readZendeskLimits,
} from "#platform/outbound/limit-headers";
import { rememberLimits, type LimitMemory } from "#platform/outbound/limit-memory";
import { createRedisCounters } from "#platform/outbound/redis-counters";
import { createRemote, type RemoteOptions } from "#platform/outbound/remote";
import type { Outbound, OutboundRequest } from "#platform/outbound/send";
import type { Redis } from "#platform/redis/connection";
import {
  createSalesforceConnection,
  type SalesforceConnection,
} from "#remotes/salesforce/connection";
import { createPostgresTokenStore } from "#platform/tokens/postgres-store";
import { createMemoryTokenStore, type TokenStore } from "#platform/tokens/store";
import { createZendeskClient, type ZendeskClient } from "#remotes/zendesk/client";
import {
  apiTokenCredentials,
  DEFAULT_ZENDESK_SCOPE,
  oauthCredentials,
  type ZendeskCredentials,
} from "#remotes/zendesk/credentials";

type RemoteName = "zendesk" | "salesforce";

export interface RemotesOptions {
  readonly config: Pick<Config, "zendesk" | "salesforce" | "tokenKeys">;
  readonly outbound: Outbound;
  readonly pool: Pool;
  /** Undefined: this process counts the budget alone. */
  readonly redis: Redis | undefined;
  readonly metrics: Pick<Metrics, "countTokenRefresh" | "setBudgetLeft" | "setOpenCircuits">;
  readonly now: () => Date;
  readonly random: () => number;
  readonly log: Log;
}

export interface Remotes {
  readonly zendesk: ZendeskClient;
  readonly salesforce: SalesforceConnection;
  /** What Zendesk said of its limits. */
  readonly zendeskLimits: Omit<LimitMemory, "outbound">;
  /** For calls to Zendesk's host outside its API. */
  readonly zendeskOutbound: Outbound;
  /** Gets a token of each; see `preflight.ts`. */
  readonly signIn: Readonly<Record<RemoteName, (deadline: Deadline) => Promise<unknown>>>;
}

/** Zendesk counts by the minute (Zendesk API reference, "Rate limits"). */
const ZENDESK_WINDOW: WindowKind = {
  windowMs: 60_000,
  longestMs: ENDPOINT_WINDOW_SECONDS * 1_000,
  probeMs: 60_000,
  rolling: false,
};
/** The org's requests of the last 24 hours (REST API developer guide, "API request limits"). */
const SALESFORCE_WINDOW: WindowKind = {
  windowMs: 24 * 3_600_000,
  longestMs: 24 * 3_600_000,
  probeMs: 5 * 60_000,
  rolling: true,
};

const monotonicMs = () => performance.now();

export function createRemotes(options: RemotesOptions): Remotes {
  const { config, random } = options;
  const { url } = config.zendesk;
  const { loginUrl, clientId, auth, apiVersion } = config.salesforce;
  const limited = {
    readLimits: readZendeskLimits,
    counts: (request: OutboundRequest) => new URL(request.url).pathname.startsWith("/api/v2/"),
  };
  const limits = rememberLimits(options.outbound, { ...limited, monotonicMs });
  const zendeskOutbound = createBudgeted({ ...options, outbound: limits.outbound }, "zendesk", {
    origin: url,
    window: ZENDESK_WINDOW,
    share: config.zendesk.budgetShare,
    backgroundLimits: BACKGROUND_LIMITS,
    ...limited,
  });
  const salesforceOutbound = createBudgeted(options, "salesforce", {
    origin: loginUrl,
    window: SALESFORCE_WINDOW,
    share: config.salesforce.budgetShare,
    readLimits: readSalesforceLimits,
    counts: (request) => new URL(request.url).pathname.startsWith("/services/data/"),
  });
  const credentials = createZendeskCredentials(options, zendeskOutbound);
  const salesforce = createSalesforceConnection({
    loginUrl,
    clientId,
    auth,
    apiVersion,
    outbound: salesforceOutbound,
    ...createTokenDeps(options, "salesforce", loginUrl, [clientId, auth.kind, ...secretsOf(auth)]),
  });
  return {
    zendesk: createZendeskClient({
      origin: url,
      credentials,
      outbound: zendeskOutbound,
      random,
    }),
    salesforce,
    zendeskLimits: limits,
    zendeskOutbound,
    signIn: {
      zendesk: (deadline) => credentials.authorization(deadline),
      salesforce: (deadline) => salesforce.signIn(deadline),
    },
  };
}

/** What tokens of another credential must not be taken for: a new refresh token, another user. */
function secretsOf(auth: Config["salesforce"]["auth"]): string[] {
  if (auth.kind === "refresh-token") return [auth.refreshToken.reveal()];
  return auth.kind === "jwt-bearer" ? [auth.username] : [];
}

function createZendeskCredentials(options: RemotesOptions, outbound: Outbound): ZendeskCredentials {
  const { url, auth } = options.config.zendesk;
  if (auth.kind === "api-token") return apiTokenCredentials(auth.email, auth.apiToken);
  const { clientId, clientSecret, refreshToken, scope } = auth;
  return oauthCredentials({
    origin: url,
    clientId,
    clientSecret,
    refreshToken,
    scope,
    outbound,
    ...createTokenDeps(options, "zendesk", url, [
      clientId,
      refreshToken?.reveal() ?? "",
      // A refresh token has the scopes that it was granted with, whatever is asked for.
      ...(refreshToken || scope === DEFAULT_ZENDESK_SCOPE ? [] : [scope]),
    ]),
  });
}

function createTokenDeps(
  { config, pool, metrics, now, random, log }: RemotesOptions,
  provider: RemoteName,
  origin: string,
  credential: readonly string[],
) {
  const store: TokenStore = config.tokenKeys
    ? createPostgresTokenStore({
        pool,
        keys: config.tokenKeys,
        account: new URL(origin).host,
        provider,
        credential: createHash("sha256").update(JSON.stringify(credential)).digest("base64url"),
        now,
        log,
      })
    : createMemoryTokenStore();
  const onRefresh = (outcome: "granted" | "failed") => metrics.countTokenRefresh(provider, outcome);
  return { store, now, random, onRefresh };
}

type Budget = NonNullable<RemoteOptions["budget"]>;

function createBudgeted(
  { outbound, redis, metrics, random, log }: RemotesOptions,
  name: RemoteName,
  limits: Pick<Budget, "share" | "readLimits" | "counts" | "backgroundLimits"> & {
    readonly origin: string;
    readonly window: WindowKind;
  },
): Outbound {
  const { origin, window: kind, ...budget } = limits;
  const local = createLocalCounters(kind, monotonicMs);
  const prefix = `${name}:${new URL(origin).host}`;
  const counters = redis ? createRedisCounters({ redis, prefix, kind, local }) : local;
  return createRemote({
    outbound,
    monotonicMs,
    random,
    budget: {
      ...budget,
      counters,
      onLeft: (limit, left) => metrics.setBudgetLeft(name, limit, left),
    },
    onCircuit: ({ state, circuit, open }) => {
      metrics.setOpenCircuits(name, open);
      log.warn({ remote: name, circuit, state }, "the circuit breaker changed");
    },
  });
}
