/** The local ZIS of one account: its services as routes, and the events that start flows. */
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { Agent, type Dispatcher } from "undici";
import { createJq } from "../engine/jq.ts";
import type { Switches } from "../engine/switches.ts";
import type { Account } from "./account.ts";
import type { BuiltInStores } from "./built-ins.ts";
import { configRoutes } from "./config-routes.ts";
import { createConfigs } from "./configs.ts";
import { connectionRoutes } from "./connection-routes.ts";
import { type Connections, createConnections } from "./connections.ts";
import type { DeliveryOptions } from "./delivery-queue.ts";
import { createEventIntake, type ZisEvent } from "./event-intake.ts";
import { createFlowRunner } from "./flow-runner.ts";
import { inboundWebhookRoutes } from "./inbound-webhook-routes.ts";
import { createInboundWebhooks } from "./inbound-webhooks.ts";
import { linkRoutes } from "./link-routes.ts";
import { createLinks } from "./links.ts";
import { localRoutes } from "./local-routes.ts";
import { createLog } from "./log.ts";
import { createOAuthClients } from "./oauth-clients.ts";
import { oauthConnectionRoutes } from "./oauth-connection-routes.ts";
import { createOAuthConnections } from "./oauth-connections.ts";
import { oauthRoutes } from "./oauth-routes.ts";
import { createRegistry } from "./registry.ts";
import { registryRoutes } from "./registry-routes.ts";
import { createGate, prepareRoutes } from "./routes.ts";
import { createRuns, type Runs } from "./runs.ts";
import { notFound } from "./service-error.ts";
import { serviceSwitches, type ServiceSwitches } from "./service-switches.ts";
import { createStats, type Stats } from "./stats.ts";
import { openStore, type Store } from "./store.ts";

const CONNECTIONS_PER_ORIGIN = 64;

export interface ZisOptions {
  readonly account: Account;
  /** Where `path` actions go, and where the routes are served. */
  readonly zendeskOrigin: () => string;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly random: () => number;
  /** virtual: Waits and the delays of retries take no time. */
  readonly waits: "real" | "virtual";
  readonly switches?: Partial<Switches>;
  readonly serviceSwitches?: Partial<ServiceSwitches>;
  readonly delivery?: DeliveryOptions;
  /** Multiplies the delays between attempts of a flow. Default 1 with real waits, 0 with virtual ones. */
  readonly retryDelayScale?: number;
  /** Keeps the state; absent: in memory. Give the account the same one. */
  readonly store?: Store;
  /** Owner of every integration name; share it between the accounts of a process. */
  readonly takenNames?: Map<string, string>;
  /** Sends the requests of actions; absent: real connections, kept alive. */
  readonly outgoing?: Dispatcher;
  /** Longest a request of an action may take, in milliseconds. Default: as long as a flow may. */
  readonly actionTimeoutMs?: number;
  /** Largest reply to an action, in bytes. Default 8 MiB. */
  readonly largestReply?: number;
}

export interface Zis {
  /** All under /api/services/zis, /oauth/tokens, /api/v2/oauth/tokens and /local. */
  readonly routes: FastifyPluginAsync;
  /** Queues the flows of an event. @returns how many runs were queued. */
  accept(event: ZisEvent): number;
  /** Resolves when no run is queued or under way; rejects after the time-out, if one is given. */
  idle(timeoutMs?: number): Promise<void>;
  stats(): Stats;
  /** The last runs, unmasked, for whoever holds this object. */
  readonly runs: Pick<Runs, "list">;
  /** What flows use, for whoever fills it without the APIs. */
  readonly stores: BuiltInStores & { readonly connections: Pick<Connections, "put"> };
  /**
   * Ends what runs and writes the state; safe to call twice. Runs that were queued or cut off are made
   * again by the next local ZIS on the same state.
   */
  close(): Promise<void>;
}

/** A local ZIS. Deliveries that an earlier process left in the store are made again. */
export function createZis(options: ZisOptions): Zis {
  const { account, zendeskOrigin, now, newId, random } = options;
  const { accountId } = account;
  const store = options.store ?? openStore();
  const switches = serviceSwitches(options.serviceSwitches);
  const agent = new Agent({ connections: CONNECTIONS_PER_ORIGIN });
  const dispatcher = options.outgoing ?? agent;
  const jq = createJq();

  const registry = createRegistry({
    store,
    account,
    newId,
    switches,
    takenNames: options.takenNames ?? new Map<string, string>(),
  });
  const configs = createConfigs({ store, accountId, now, switches });
  const links = createLinks({ store, accountId, now, newId, switches });
  const webhooks = createInboundWebhooks({ store, accountId, now, newId, random, switches });
  const connections = createConnections({ store, now, switches });
  const clients = createOAuthClients({ store, now, newId });
  const oauthConnections = createOAuthConnections({
    account,
    connections,
    clients,
    zendeskOrigin,
    dispatcher,
    now,
    newId,
  });
  const log = createLog({ store, now });
  const runs = createRuns();
  const stats = createStats();
  const gate = createGate({ account, registry, switches });

  const runDelivery = createFlowRunner({
    account,
    registry,
    configs,
    links,
    connections,
    oauthConnections,
    jq,
    log,
    stats,
    dispatcher,
    zendeskOrigin,
    now,
    switches: options.switches ?? {},
    serviceSwitches: switches,
    waits: options.waits,
    retryDelayScale: options.retryDelayScale ?? (options.waits === "real" ? 1 : 0),
    actionTimeoutMs: options.actionTimeoutMs ?? 100_000,
    largestReply: options.largestReply ?? 8 * 1024 * 1024,
  });

  const intake = createEventIntake({
    store,
    registry,
    runDelivery,
    runs,
    stats,
    now,
    newId,
    random,
    delivery: options.delivery ?? {},
  });
  const { accept, idle } = intake;
  let closed: Promise<void> | undefined;

  async function shutDown(): Promise<void> {
    await intake.close();
    await jq.close();
    await agent.destroy();
    await store.close();
  }

  return {
    routes: async (app) => {
      prepareRoutes(app, store);
      registryRoutes(app, { account, registry, gate });
      connectionRoutes(app, { connections, gate });
      oauthConnectionRoutes(app, { clients, connections, oauthConnections, gate });
      configRoutes(app, { configs, gate });
      linkRoutes(app, { links, gate });
      inboundWebhookRoutes(app, { webhooks, gate, accept });
      unknownRoute(app);
      await app.register(async (oauth) => oauthRoutes(oauth, { account, now }));
      await app.register(async (local) => {
        localRoutes(local, { accept, idle, stats: intake.stats, runs, log });
      });
    },
    accept,
    idle,
    stats: intake.stats,
    runs,
    stores: { configs, links, connections },
    close: () => (closed ??= shutDown()),
  };
}

function unknownRoute(app: FastifyInstance): void {
  app.all("/api/services/zis/*", async (request) => {
    throw notFound(`${request.method} ${request.url.split("?")[0]} does not exist`);
  });
}
