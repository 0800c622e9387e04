/** The local ZIS of one account: its services as routes, and the events that start flows. */
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { Agent, type Dispatcher } from "undici";
import type { Switches } from "../engine/switches.ts";
import type { Account } from "./account.ts";
import { createFlowServices, type FlowServices } from "./flow-services.ts";
import { configRoutes } from "./config-routes.ts";
import { connectionRoutes } from "./connection-routes.ts";
import type { DeliveryOptions } from "./delivery-queue.ts";
import { createEventIntake, type ZisEvent } from "./event-intake.ts";
import { inboundWebhookRoutes } from "./inbound-webhook-routes.ts";
import { createInboundWebhooks } from "./inbound-webhooks.ts";
import { linkRoutes } from "./link-routes.ts";
import { localRoutes } from "./local-routes.ts";
import { oauthConnectionRoutes } from "./oauth-connection-routes.ts";
import { oauthRoutes } from "./oauth-routes.ts";
import { createRegistry, type Registry } from "./registry.ts";
import { registryRoutes } from "./registry-routes.ts";
import { createGate, prepareRoutes } from "./routes.ts";
import { createRuns, type Runs } from "./runs.ts";
import { notFound } from "./service-error.ts";
import { serviceSwitches, type ServiceSwitches } from "./service-switches.ts";
import type { Stats } from "./stats.ts";
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
  /** The last runs, unmasked, for the owner of this object. */
  readonly runs: Pick<Runs, "list">;
  /** What is kept, for reading and filling it without the APIs. */
  readonly stores: Pick<
    FlowServices,
    "configs" | "links" | "connections" | "oauthConnections" | "log"
  > & { readonly registry: Registry };
  /**
   * Ends what runs and writes the state; safe to call twice. Runs that were queued or cut off are made
   * again by the next local ZIS on the same state.
   */
  close(): Promise<void>;
}

/** A local ZIS. Deliveries that an earlier process left in the store are made again. */
export function createZis(options: ZisOptions): Zis {
  const { account, now, newId, random } = options;
  const { accountId } = account;
  const store = options.store ?? openStore();
  const switches = serviceSwitches(options.serviceSwitches);
  const agent = new Agent({ connections: CONNECTIONS_PER_ORIGIN });

  const registry = createRegistry({
    store,
    account,
    newId,
    switches,
    takenNames: options.takenNames ?? new Map<string, string>(),
  });
  const webhooks = createInboundWebhooks({ store, accountId, now, newId, random, switches });
  const services = createFlowServices({
    ...options,
    store,
    findFlow: registry.flow,
    dispatcher: options.outgoing ?? agent,
    switches: options.switches ?? {},
    serviceSwitches: switches,
  });
  const { configs, links, connections, clients, oauthConnections, log, stats } = services;
  const runs = createRuns();
  const gate = createGate({ account, registry, switches });

  const intake = createEventIntake({
    store,
    registry,
    runDelivery: services.runDelivery,
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
    await services.jq.close();
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
    stores: { registry, configs, links, connections, oauthConnections, log },
    close: () => (closed ??= shutDown()),
  };
}

function unknownRoute(app: FastifyInstance): void {
  app.all("/api/services/zis/*", async (request) => {
    throw notFound(`${request.method} ${request.url.split("?")[0]} does not exist`);
  });
}
