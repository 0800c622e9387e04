/** Wires the administrators' side to the server's adapters. */
import type { Kysely } from "kysely";
import { createAdmin, type Admin } from "./create-admin.ts";
import {
  createInboundWebhooks,
  type InboundWebhooks,
} from "#subjects/zis-webhooks/inbound-webhooks";
import type { Config } from "./config/config.ts";
import type { Health } from "#contract/admin";
import type { Database } from "#platform/db/schema";
import type { QueueDepth } from "#platform/jobs/queue";
import type { ClockSkew } from "#platform/outbound/clock-skew";
import type { Outbound } from "#platform/outbound/send";
import type { Redis } from "#platform/redis/connection";
import type { Remotes } from "./remotes.ts";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import { readSettingsInForce } from "#subjects/settings/history";
import { createCaseLinkWebhook } from "#subjects/zis-webhooks/client";
import { createRecentTickets } from "#remotes/zendesk/recent-tickets";

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
  readonly lastSweep: (account: string) => Promise<Health["last_sweep"]>;
  readonly owedTickets: (account: string) => Promise<number>;
}

export function createAdministration(parts: AdministrationParts): Admin {
  const { config, db, clocks, remotes, cases, webhooks, queues, budget } = parts;
  const { url: origin, subdomain, appFrameworkUrl, auth } = config.zendesk;
  const { redis, pingDatabase } = parts;
  const recentTickets = createRecentTickets(remotes.zendesk);
  return createAdmin({
    db,
    now: clocks.now,
    newId: clocks.newId,
    zendesk: { origin, subdomain, appFrameworkUrl, client: remotes.zendesk, recentTickets },
    cases,
    webhooks,
    checks: {
      pingDatabase,
      redis,
      queues,
      silenceMs: config.alerts.afterMs,
      zendesk: {
        signIn: remotes.signIn.zendesk,
        recentTickets,
        usesApiToken: auth.kind === "api-token",
        aheadSeconds: parts.clock.aheadSeconds,
      },
      salesforce: {
        signIn: remotes.signIn.salesforce,
        cases,
        externalIdField: async (account) => {
          const applied = await readSettingsInForce(db, account);
          const field = applied?.case_external_id_field;
          return field === undefined ? config.matching.caseExternalIdField : (field ?? undefined);
        },
      },
    },
    budget,
    lastSweep: parts.lastSweep,
    owedTickets: parts.owedTickets,
  });
}
