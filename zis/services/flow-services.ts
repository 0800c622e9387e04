/** What flows run on: the stores of one account, its connections, jq, and the runner over them. */
import type { Dispatcher } from "undici";
import { createJq } from "../engine/jq.ts";
import type { Limits } from "../engine/limits.ts";
import type { Switches } from "../engine/switches.ts";
import type { Account } from "./account.ts";
import { createConfigs } from "./configs.ts";
import { createConnections } from "./connections.ts";
import { createFlowRunner, type FlowRunnerOptions } from "./flow-runner.ts";
import { createLinks } from "./links.ts";
import { createLog } from "./log.ts";
import { createOAuthClients } from "./oauth-clients.ts";
import { createOAuthConnections } from "./oauth-connections.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import { createStats } from "./stats.ts";
import type { Store } from "./store.ts";

export interface FlowServicesOptions {
  readonly store: Store;
  readonly account: Account;
  readonly findFlow: FlowRunnerOptions["findFlow"];
  /** Where `path` actions go. */
  readonly zendeskOrigin: () => string;
  readonly dispatcher: Dispatcher;
  readonly now: () => Date;
  readonly newId: () => string;
  /** virtual: Waits and the delays of retries take no time. */
  readonly waits: "real" | "virtual";
  readonly switches: Partial<Switches>;
  readonly serviceSwitches: ServiceSwitches;
  readonly limits?: Partial<Limits>;
  /** Milliseconds, by which requests are timed. Default: the real ones. */
  readonly stopwatch?: () => number;
  /** Multiplies the delays between attempts of a flow. Default 1 with real waits, 0 with virtual ones. */
  readonly retryDelayScale?: number | undefined;
  /** Longest a request of an action may take, in milliseconds. Default: as long as a flow may. */
  readonly actionTimeoutMs?: number | undefined;
  /** Largest reply to an action, in bytes. Default 8 MiB. */
  readonly largestReply?: number | undefined;
}

export type FlowServices = ReturnType<typeof createFlowServices>;

/** The services; `jq` is to be closed. */
export function createFlowServices(options: FlowServicesOptions) {
  const { store, account, zendeskOrigin, dispatcher, now, newId, waits } = options;
  const { serviceSwitches, limits = {} } = options;
  const ofAccount = { store, accountId: account.accountId, now, newId, switches: serviceSwitches };
  const connections = createConnections(ofAccount);
  const clients = createOAuthClients(ofAccount);
  const parts = {
    configs: createConfigs(ofAccount),
    links: createLinks(ofAccount),
    connections,
    oauthConnections: createOAuthConnections({
      account,
      connections,
      clients,
      zendeskOrigin,
      dispatcher,
      now,
      newId,
    }),
    jq: createJq(limits),
    log: createLog(ofAccount),
    stats: createStats(),
  };
  const runDelivery = createFlowRunner({
    ...parts,
    account,
    findFlow: options.findFlow,
    dispatcher,
    zendeskOrigin,
    now,
    switches: options.switches,
    serviceSwitches,
    limits,
    waits,
    stopwatch: options.stopwatch ?? (() => performance.now()),
    retryDelayScale: options.retryDelayScale ?? (waits === "real" ? 1 : 0),
    actionTimeoutMs: options.actionTimeoutMs ?? 100_000,
    largestReply: options.largestReply ?? 8 * 1024 * 1024,
  });
  return { ...parts, clients, runDelivery };
}
