/** The subjects of the server: each once, with what it takes from the platform, the remote systems and other subjects. */
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import type { Module } from "#platform/module";
import { createCaseFinder } from "#remotes/salesforce/case-finder";
import { createAccountLists } from "#remotes/zendesk/account-lists";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { createRecentTickets } from "#remotes/zendesk/recent-tickets";
import { createAccess, type AccessModule } from "#subjects/access/module";
import { createActionLogModule, type ActionLogModule } from "#subjects/action-log/module";
import { createAttributes } from "#subjects/attributes/module";
import { createAgents } from "#subjects/agents/module";
import { forgetLookUp } from "#subjects/cases/case-lookups";
import { createCases } from "#subjects/cases/module";
import { createConversations } from "#subjects/conversations/module";
import { lockMerges, lockTickets } from "#subjects/conversations/ticket-lock";
import { createDirectory } from "#subjects/directory/module";
import { createFlowWatchModule, type FlowWatchModule } from "#subjects/flow-watch/module";
import { createNotify } from "#subjects/flow-watch/notify";
import { createHealth } from "#subjects/health/module";
import { createReading } from "#subjects/reading/module";
import { createSettings } from "#subjects/settings/module";
import { createSignedWebhooks } from "#subjects/signed-webhooks/module";
import { createSweeps, type SweepModule } from "#subjects/sweep/module";
import { createZisWebhooks } from "#subjects/zis-webhooks/module";
import type { Config } from "./config/config.ts";
import type { Platform } from "./open-platform.ts";
import type { Remotes } from "./remotes.ts";

/** All of them, and by name those that the server itself calls. */
export interface Modules {
  readonly all: readonly Module[];
  readonly access: AccessModule;
  readonly actionLog: ActionLogModule;
  readonly flowWatch: FlowWatchModule;
  readonly sweeps: SweepModule;
}

export function createModules(config: Config, platform: Platform, remotes: Remotes): Modules {
  const { metrics, outbound, jobs } = platform;
  const { zendesk: zendeskClient, signIn } = remotes;
  const { alerts, callers } = config;
  const zendeskReader = createZendeskReader(zendeskClient);
  const recentTickets = createRecentTickets(zendeskClient);
  const caseFinder = createCaseFinder(remotes.salesforce);

  const zisWebhooks = createZisWebhooks({
    ...platform,
    keys: config.tokenKeys,
    origin: config.zendesk.url,
    outbound: remotes.zendeskOutbound,
  });
  const { webhooks } = zisWebhooks;
  const access = createAccess({ ...platform, zendesk: config.zendesk, client: zendeskClient });
  const actionLog = createActionLogModule({ ...platform, onDropped: metrics.countLogDropped });
  const flowWatch = createFlowWatchModule({
    ...platform,
    ...callers,
    settingsSync: webhooks.settingsSync,
    notify: createNotify({ ...platform, ...alerts, outbound }),
    silenceMs: alerts.afterMs,
  });
  const agents = createAgents({
    ...platform,
    locks: { tickets: lockTickets, account: lockMerges },
  });
  const settings = createSettings({
    ...platform,
    askSettingsSync: flowWatch.askTestEvent,
    follow: agents.followRules,
  });
  const attributes = createAttributes(platform);
  const conversations = createConversations({
    ...platform,
    settingsOf: settings.current,
    zendesk: zendeskReader,
    agents,
    storeAttributes: attributes.values.store,
    forgetTicket: async (trx, account, ticketId) => {
      await attributes.values.forget(trx, account, { tickets: [ticketId] });
      await forgetLookUp(trx, account, ticketId);
      await agents.associate(trx, [{ account, ticketId }]);
    },
  });
  const cases = createCases({
    ...platform,
    client: zendeskClient,
    zendesk: zendeskReader,
    caseFinder,
    recentTickets,
    settingsOf: settings.current,
    caseLinkOf: webhooks.caseLink,
  });
  const sweeps = createSweeps({
    ...platform,
    client: zendeskClient,
    zendesk: zendeskReader,
    settingsOf: settings.inForce,
    conversations,
    limits: { ...remotes.zendeskLimits, share: config.zendesk.budgetShare },
    actions: { ...conversations.actions, ...cases.actions },
    cases,
  });
  const others = [
    zisWebhooks,
    access,
    actionLog,
    flowWatch,
    settings,
    agents,
    conversations,
    cases,
    sweeps,
    createReading({
      ...platform,
      attributesOf: (account, ids) =>
        attributes.values.valuesOf(platform.db, account, "ticket", ids),
    }),
    createDirectory({
      ...platform,
      lists: createAccountLists(zendeskClient),
      accounts: settings.accounts,
    }),
    attributes,
    createSignedWebhooks(platform),
  ] satisfies readonly Module[];
  const health = createHealth({
    ...platform,
    queues: jobs.depths,
    budget: metrics.budgetLeft,
    lag: actionLog.lag,
    flows: flowWatch.flows,
    lastSweep: sweeps.last,
    owedTickets: sweeps.owed,
    settingsRevision: settings.revision,
    settingsInForce: settings.inForce,
    webhooks: webhooks.known,
    others: others.flatMap((one) => one.healthChecks ?? []),
    zendesk: {
      signIn: signIn.zendesk,
      recentTickets,
      usesApiToken: config.zendesk.auth.kind === "api-token",
      aheadSeconds: platform.zendeskClock.aheadSeconds,
    },
    salesforce: {
      signIn: signIn.salesforce,
      caseFinder,
      externalIdField: async (account) =>
        ((await settings.inForce(account)) ?? DEFAULT_SETTINGS).case_external_id_field ?? undefined,
    },
  });
  return { all: [...others, health], access, actionLog, flowWatch, sweeps };
}
