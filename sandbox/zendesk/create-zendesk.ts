/** A stand-in of one Zendesk account: the Support API that is in use, its limits, and its events. */
import type { FastifyPluginAsync } from "fastify";
import type { Account } from "#zis/services/account";
import type { Faults } from "../faults.ts";
import { createAccess } from "./access.ts";
import { createAdministrators, type Administrators } from "./administrators.ts";
import { createAgents, type Agents } from "./agents.ts";
import { guardApi, serveApi } from "./api-routes.ts";
import { createAutomations, type Automations } from "./automations.ts";
import { createDeletions } from "./deletions.ts";
import type { PersonEvent } from "./person-events.ts";
import { createSatisfaction, type Customers } from "./satisfaction.ts";
import type { ZisEvent } from "./events.ts";
import { createFileHost, type FileHost } from "./files/file-host.ts";
import { findFile } from "./files/find-file.ts";
import type { FileAddress } from "./present.ts";
import { createIdempotencyKeys } from "./idempotency-keys.ts";
import { createJobs } from "./jobs.ts";
import type { CommentRecord, TicketRecord, ZendeskData } from "./model.ts";
import { createLimits, type ZendeskLimits } from "./limits.ts";
import type { RouteDeps } from "./route.ts";
import { createMemberships } from "./memberships.ts";
import { createRedactions } from "./redactions.ts";
import { createStore } from "./store.ts";
import { zendeskSwitches, type ZendeskSwitches } from "./switches.ts";
import { createWebhooks, type Webhooks } from "./webhooks/create-webhooks.ts";

export interface ZendeskOptions {
  /** Whose credentials count. Its users must be agents of `data`. */
  readonly account: Account;
  readonly data: ZendeskData;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly limits?: Partial<ZendeskLimits>;
  readonly faults?: Faults;
  /**
   * Whether the export's last page has an `after_cursor`. It is documented so, and that is the default; connectors take
   * the member for nullable.
   */
  readonly lastExportCursor?: "given" | "null";
  readonly switches?: Partial<ZendeskSwitches>;
  /** Waits before a webhook's delivery is repeated (milliseconds); default: real time. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Called after every change with the events of the update, in their order. */
  readonly onEvents: (events: ZisEvent[]) => void;
  /** Called after every change of a person; absent: nobody listens. */
  readonly onPersonEvents?: (events: readonly PersonEvent[]) => void;
}

export interface Zendesk {
  readonly webhooks: Webhooks;
  /** Files of comments, on a host of their own once somebody serves `files.routes` and says where. */
  readonly files: FileHost;
  /** `/api/v2/*`; register it on the server that plays the account's host. */
  readonly routes: FastifyPluginAsync;
  readonly agents: Agents;
  readonly automations: Automations;
  readonly customers: Customers;
  readonly administrators: Administrators;
  /** May be changed while it runs. */
  readonly switches: ZendeskSwitches;
  /** May be changed while it runs, as when an account's plan or add-on ends; counts when the next call comes. */
  readonly limits: ZendeskLimits;
  /**
   * Spends calls of the account's minute, as another integration does. Returns how many fit.
   * @param calls how many it tries
   */
  readonly spendCalls: (calls: number) => number;
  /** Reads past the API, for checks. */
  readonly tickets: {
    count(): number;
    get(ticketId: string): TicketRecord | undefined;
    list(): readonly TicketRecord[];
    /** Oldest first; empty for an unknown ticket. */
    comments(ticketId: string): readonly CommentRecord[];
  };
}

export function createZendesk(options: ZendeskOptions): Zendesk {
  const { account, data, now, newId, onEvents, faults } = options;
  const limits = createLimits(options.limits ?? {}, now);
  const baseUrl = `https://${account.subdomain}.zendesk.com`;
  const { onPersonEvents } = options;
  const switches = zendeskSwitches(options.switches);
  const webhooks = createWebhooks({
    accountId: account.accountId,
    now,
    newId,
    ...(options.wait && { wait: options.wait }),
  });
  const store = createStore({
    data,
    baseUrl,
    now,
    newId,
    onEvents(events, about) {
      onEvents(events);
      webhooks.publishTicketEvents(events, about);
    },
    onPersonEvents(events) {
      onPersonEvents?.(events);
      webhooks.publishPersonEvents(events);
    },
    searchDelaySeconds: () => switches.searchDelaySeconds,
    searchMissesSilentChanges: () => switches.searchMissesSilentChanges,
  });
  const jobs = createJobs({ now, newId, seconds: () => switches.jobSeconds });
  const deletions = createDeletions(store, switches, now);
  const access = createAccess(account, store);
  const files = createFileHost({
    now,
    secret: newId(),
    find: (token) => findFile(store, token),
    lifetimeSeconds: () => switches.attachmentTokenSeconds,
    admit(request) {
      if (switches.privateAttachments) access.caller(request.headers, "read", "tickets");
    },
    faults,
  });
  const addressOf: FileAddress = (file) =>
    switches.attachmentUrls === "files" ? files.addressOf(file) : undefined;
  const deps: RouteDeps = { store, access, now, switches, addressOf, jobs };
  const keys = createIdempotencyKeys(now);
  const memberships = createMemberships(store, now);
  const redactions = createRedactions(store, switches, baseUrl);
  const satisfaction = createSatisfaction(store, now);

  return {
    async routes(app) {
      // The limits of the Support API do not count for files.
      await app.register(files.accountRoutes);
      await app.register(async (api) => {
        guardApi(api, { limits, jobs, deletions, faults });
        serveApi(api, {
          deps,
          account,
          limits,
          deletions,
          memberships,
          keys,
          redactions,
          satisfaction,
          webhooks,
          lastExportCursor: options.lastExportCursor ?? "given",
        });
      });
    },
    agents: createAgents(store, now),
    automations: createAutomations(store, now),
    customers: satisfaction,
    administrators: createAdministrators(deps, deletions, redactions),
    switches,
    webhooks,
    files,
    limits: limits.figures,
    spendCalls: limits.spend,
    tickets: {
      count: () => store.ticketCount(),
      get: (ticketId) => store.ticket(Number(ticketId)),
      list: () => [...store.tickets()],
      comments: (ticketId) => store.ticket(Number(ticketId))?.comments ?? [],
    },
  };
}
