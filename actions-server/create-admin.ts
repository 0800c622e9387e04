/** Puts the administrators' side together from the server's parts. */
import type { Kysely } from "kysely";
import type { Health } from "#contract/admin";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import { newestEntry, readSettingsHistory, readSettingsInForce } from "#subjects/settings/history";
import type { ZendeskClient } from "#remotes/zendesk/client";
import { VERSION } from "#platform/version";
import type { RecentTickets } from "#remotes/zendesk/recent-tickets";
import { askTestEvent } from "#subjects/flow-watch/test-events";
import { expectFlows, readFlows } from "#subjects/flow-watch/watch-store";
import type { AdminRouteDeps } from "./admin-routes.ts";
import { fetchPublicKey, readPublicKey } from "#subjects/access/app-key";
import { createHealthChecks, type HealthCheckDeps } from "#subjects/health/health-checks";
import { readHealth } from "#subjects/health/health";
import type { InboundWebhooks } from "#subjects/zis-webhooks/inbound-webhooks";
import { findInstallation, registerInstallation } from "#subjects/access/installations";
import { readLag, readLog, readTicket } from "#subjects/activity-log/log-store";
import { preview } from "#subjects/cases/preview";
import type { SessionRouteDeps } from "#subjects/access/session-routes";
import { createSessions, type Sessions } from "#subjects/access/sessions";
import { createFindRole } from "#subjects/access/users";

export interface Admin {
  readonly sessions: Sessions;
  readonly sessionRoutes: SessionRouteDeps;
  readonly routes: AdminRouteDeps;
}

interface AdminOptions {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly zendesk: {
    /** Where the API is. */
    readonly origin: string;
    readonly subdomain: string;
    readonly client: ZendeskClient;
    /** Where the app framework is for browsers. */
    readonly appFrameworkUrl: string;
    readonly recentTickets: RecentTickets;
  };
  readonly cases: CaseFinder;
  readonly webhooks: InboundWebhooks;
  readonly checks: Omit<
    HealthCheckDeps,
    "settingsInForce" | "hasInstallation" | "webhooks" | "flows" | "now"
  >;
  readonly budget: () => Promise<Health["budget"]>;
  readonly lastSweep: (account: string) => Promise<Health["last_sweep"]>;
  readonly owedTickets: (account: string) => Promise<number>;
}

const HISTORY_ENTRIES = 50;

/** Where Zendesk shows apps: under its own name, and wherever this server reaches it. */
function zendeskOrigins({
  origin,
  subdomain,
}: {
  readonly origin: string;
  readonly subdomain: string;
}): readonly string[] {
  return [...new Set([origin, `https://${subdomain}.zendesk.com`])];
}

export function createAdmin(options: AdminOptions): Admin {
  const { db, now, zendesk } = options;
  const findRole = createFindRole({ client: zendesk.client, now });
  const sessions = createSessions({ db, now, findRole, subdomain: zendesk.subdomain });
  return {
    sessions,
    sessionRoutes: { sessions, ancestors: zendeskOrigins(zendesk), sdk: zendesk.appFrameworkUrl },
    routes: createRouteDeps(options),
  };
}

function createRouteDeps(options: AdminOptions): AdminRouteDeps {
  const { db, now, newId, zendesk, cases, webhooks, budget, lastSweep, owedTickets } = options;
  const settingsRevision = async (account: string) =>
    (await newestEntry(db, account))?.revision ?? null;
  const checks = createHealthChecks({
    ...options.checks,
    settingsInForce: (account) => readSettingsInForce(db, account),
    flows: (account) => readFlows(db, account),
    now,
    webhooks: (account) => webhooks.known(account),
    hasInstallation: async (account) => (await findInstallation(db, account)) !== undefined,
  });
  return {
    async findInstallation(account) {
      const found = await findInstallation(db, account);
      if (!found) return undefined;
      const { appId, installationId, publicKey } = found;
      return { app_id: appId, installation_id: installationId, public_key: publicKey };
    },
    async register(account, { app_id: appId, installation_id: installationId, ...given }, call) {
      const publicKey =
        given.public_key === undefined
          ? await fetchPublicKey(zendesk.client, appId, call)
          : readPublicKey(given.public_key);
      await registerInstallation(db, { account, appId, installationId, publicKey }, now());
    },
    storeWebhooks: (account, given) => webhooks.store(account, given),
    forgetWebhooks: (account) => webhooks.forget(account),
    expectFlows: (account, expected) => expectFlows(db, account, expected, now()),
    health: (account) =>
      readHealth(
        {
          version: VERSION,
          now,
          checks,
          settingsRevision,
          lag: (one) => readLag(db, one, now()),
          queues: options.checks.queues,
          budget,
          lastSweep,
          owedTickets,
          flows: (one) => readFlows(db, one),
        },
        account,
      ),
    log: (account, query) => readLog(db, account, query),
    ticket: (account, ticketId) => readTicket(db, account, ticketId),
    async findCase(caseId, call) {
      const [found] = await cases.byId(caseId, call);
      return { case: found ?? null };
    },
    async settingsHistory(account) {
      const found = await readSettingsHistory(db, account, HISTORY_ENTRIES);
      return {
        entries: found.map(({ revision, appliedAt, settings }) => ({
          revision,
          applied_at: appliedAt.toISOString(),
          settings,
        })),
      };
    },
    async syncSettings(account, call) {
      const webhook = await webhooks.settingsSync(account);
      if (!webhook) {
        throw new AppError("WEBHOOK_NOT_CONFIGURED", "the webhook settings_sync is not known here");
      }
      const id = `sync-${newId()}`;
      await askTestEvent({ db, now, webhook }, { account, id }, call);
      return id;
    },
    async checkReference(field, call) {
      try {
        await cases.byExternalId(field, "0", call);
        return { problem: null };
      } catch (error) {
        // Salesforce that is away says nothing about the field.
        if (!(error instanceof AppError) || error.retryable) return { problem: null };
        return {
          problem: `Salesforce cannot look cases up by the field ${field}: ${error.message}.`,
        };
      }
    },
    preview: (settings, call) =>
      preview({ recentTickets: zendesk.recentTickets, cases }, settings, call),
  };
}
