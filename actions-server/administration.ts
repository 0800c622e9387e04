/** Wires the administrators' side to the server's adapters. */
import type { Kysely } from "kysely";
import {
  createInboundWebhooks,
  type InboundWebhooks,
} from "#subjects/zis-webhooks/inbound-webhooks";
import type { Config } from "./config/config.ts";
import type { Health } from "#contract/routes/health";
import type { Database } from "#platform/db/schema";
import type { QueueDepth } from "#platform/jobs/queue";
import type { ClockSkew } from "#platform/outbound/clock-skew";
import type { Outbound } from "#platform/outbound/send";
import type { Redis } from "#platform/redis/connection";
import type { Remotes } from "./remotes.ts";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import { newestEntry, readSettingsInForce } from "#subjects/settings/history";
import { createSettingsRoutes } from "#subjects/settings/routes";
import { createAccess, type Access } from "#subjects/access/create-access";
import { findInstallation } from "#subjects/access/installations";
import { readLag } from "#subjects/activity-log/log-store";
import { createActivityLogRoutes } from "#subjects/activity-log/routes";
import { createCaseRoutes } from "#subjects/cases/routes";
import { createFlowWatchRoutes } from "#subjects/flow-watch/routes";
import { readFlows } from "#subjects/flow-watch/watch-store";
import { createHealthChecks } from "#subjects/health/health-checks";
import { createHealthRoutes } from "#subjects/health/routes";
import type { Sync } from "#subjects/sweep/create-sweeps";
import { createZisWebhookRoutes } from "#subjects/zis-webhooks/routes";
import type { RouteHandlers } from "#platform/http/json-routes";
import { VERSION } from "#platform/version";
import { createCaseLinkWebhook } from "#subjects/zis-webhooks/client";
import { createRecentTickets, type RecentTickets } from "#remotes/zendesk/recent-tickets";
import type { Check } from "#subjects/health/health";

interface Clocks {
  readonly now: () => Date;
  readonly random: () => number;
  readonly newId: () => string;
}

/** The webhook of the environment serves accounts that have stored none. */
export function createWebhooks(
  config: Config,
  db: Kysely<Database>,
  { now, random }: Clocks,
  outbound: Outbound,
): InboundWebhooks {
  const { caseLinkWebhook, tokenKeys: keys, zendesk } = config;
  const caseLink =
    caseLinkWebhook && createCaseLinkWebhook({ ...caseLinkWebhook, outbound, random });
  return createInboundWebhooks({
    db,
    keys,
    fallback: { caseLink },
    origin: zendesk.url,
    outbound,
    random,
    now,
  });
}

interface AdministrationParts {
  readonly config: Config;
  readonly db: Kysely<Database>;
  readonly clocks: Clocks;
  readonly remotes: Remotes;
  readonly cases: CaseFinder;
  readonly webhooks: InboundWebhooks;
  readonly clock: Pick<ClockSkew, "aheadSeconds">;
  readonly queues: () => Promise<readonly QueueDepth[]>;
  readonly budget: () => Promise<Health["budget"]>;
  readonly redis: Redis | undefined;
  readonly pingDatabase: () => Promise<void>;
  readonly sweeps: Pick<Sync, "routes" | "last" | "owed">;
}

export interface Administration extends Pick<Access, "sessionPage"> {
  readonly routes: RouteHandlers;
}

export function createAdministration(parts: AdministrationParts): Administration {
  const { config, db, clocks, remotes, cases, webhooks, sweeps } = parts;
  const { now, newId } = clocks;
  const client = remotes.zendesk;
  const recentTickets = createRecentTickets(client);
  const { settingsSync } = webhooks;
  const access = createAccess({ db, now, zendesk: config.zendesk, client });
  return {
    sessionPage: access.sessionPage,
    routes: {
      ...access.routes,
      ...createZisWebhookRoutes(webhooks),
      ...createFlowWatchRoutes({ db, now, newId, settingsSync }),
      ...createActivityLogRoutes(db),
      ...createSettingsRoutes(db),
      ...createCaseRoutes({ cases, recentTickets }),
      ...sweeps.routes,
      ...createHealthRoutes({
        version: VERSION,
        now,
        checks: createChecks(parts, recentTickets),
        settingsRevision: async (account) => (await newestEntry(db, account))?.revision ?? null,
        lag: (account) => readLag(db, account, now()),
        queues: parts.queues,
        budget: parts.budget,
        lastSweep: sweeps.last,
        owedTickets: sweeps.owed,
        flows: (account) => readFlows(db, account),
      }),
    },
  };
}

function createChecks(parts: AdministrationParts, recentTickets: RecentTickets): readonly Check[] {
  const { config, db, clocks, remotes, cases, webhooks, queues, redis, pingDatabase } = parts;
  const settingsInForce = (account: string) => readSettingsInForce(db, account);
  return createHealthChecks({
    now: clocks.now,
    pingDatabase,
    redis,
    queues,
    silenceMs: config.alerts.afterMs,
    settingsInForce,
    flows: (account) => readFlows(db, account),
    webhooks: (account) => webhooks.known(account),
    hasInstallation: async (account) => (await findInstallation(db, account)) !== undefined,
    zendesk: {
      signIn: remotes.signIn.zendesk,
      recentTickets,
      usesApiToken: config.zendesk.auth.kind === "api-token",
      aheadSeconds: parts.clock.aheadSeconds,
    },
    salesforce: {
      signIn: remotes.signIn.salesforce,
      cases,
      externalIdField: async (account) => {
        const field = (await settingsInForce(account))?.case_external_id_field;
        return field === undefined ? config.matching.caseExternalIdField : (field ?? undefined);
      },
    },
  });
}
