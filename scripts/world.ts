/** The whole world on this machine: Zendesk with ZIS, Salesforce, the actions server, a fresh database. */
import { randomUUID } from "node:crypto";
import type { Deps } from "#actions-server/assemble";
import type { StepContext } from "#install/context";
import type { Apps } from "#sandbox/apps/create-apps";
import { buildLargeAccount } from "#sandbox/data/history/large-account";
import { buildWorldData, type WorldData } from "#sandbox/data/world-data";
import { createFaults, type Faults } from "#sandbox/faults";
import type { Salesforce } from "#sandbox/salesforce/create-salesforce";
import type { Zendesk } from "#sandbox/zendesk/create-zendesk";
import type { Account } from "#zis/services/account";
import type { Zis } from "#zis/services/create-zis";
import { createWorldDatabase } from "./world/database.ts";
import { createInstaller, install } from "./world/install.ts";
import type { Closers, WorldTls } from "./world/listen.ts";
import type { WorldOptions } from "./world/options.ts";
import { startSalesforce } from "./world/salesforce.ts";
import { startServer } from "./world/server.ts";
import { startZendesk, SUBDOMAIN } from "./world/zendesk.ts";

/** What a person or a program needs to use the world. */
export interface WorldCard {
  readonly zendesk: {
    readonly url: string;
    readonly subdomain: string;
    readonly adminEmail: string;
    readonly apiToken: string;
    readonly oauth: { readonly clientId: string; readonly clientSecret: string };
  };
  readonly salesforce: {
    readonly loginUrl: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly server: { readonly url: string; readonly token: string };
  readonly integration: string;
}

export interface World {
  readonly card: WorldCard;
  readonly apps: Apps;
  /** Undefined unless it was asked for. */
  readonly tls: WorldTls | undefined;
  readonly data: WorldData;
  /** The users, tokens and OAuth clients of the Zendesk account. */
  readonly account: Account;
  readonly zendesk: Zendesk;
  readonly salesforce: Salesforce;
  readonly zis: Zis;
  readonly deps: Deps;
  /** What the server read from its environment; a second server of this world takes it too. */
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: { readonly zendesk: Faults; readonly salesforce: Faults };
  /** What the functions of `install/` take to work on this account as its administrator. */
  readonly installer: StepContext;
  /** Stops everything and drops the database; safe to call twice. */
  close(): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;

/** Starts everything. When a part fails, what was started is stopped again. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const closers: Closers = [];
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    for (const close of closers.toReversed()) await close();
  };
  const close = () => (closing ??= closeAll());
  try {
    return { ...(await start(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: WorldOptions, closers: Closers): Promise<Omit<World, "close">> {
  const now = options.now ?? (() => new Date());
  const newId = () => randomUUID();
  const built = buildWorldData({ seed: options.seed, tickets: options.tickets });
  const data =
    options.history === undefined ? built : { ...built, zendesk: largeAccount(options, now()) };
  const faults = { zendesk: createFaults(), salesforce: createFaults() };
  const starting = [
    openDatabase(options, closers),
    startZendesk(options, { data: data.zendesk, faults: faults.zendesk, now, newId }, closers),
    startSalesforce(
      options.ports.salesforce,
      { records: data.salesforce, faults: faults.salesforce, now, newId },
      closers,
    ),
  ] as const;
  // When one fails, the others must have started before they can be closed.
  await Promise.allSettled(starting);
  const [databaseUrl, zendesk, salesforce] = await Promise.all(starting);
  const server = await startServer(options, { zendesk, salesforce, databaseUrl, now }, closers);
  const installer = await createInstaller({ zendesk, server, now, newId });
  if (options.installed !== false) await install(installer);
  const { url, administrator, oauth, account, apps, tls, zis } = zendesk;
  const { deps, environment } = server;
  return {
    card: {
      zendesk: {
        url,
        subdomain: SUBDOMAIN,
        adminEmail: administrator.email,
        apiToken: administrator.apiToken,
        oauth,
      },
      salesforce: { loginUrl: salesforce.loginUrl, ...salesforce.client },
      server: { url: server.url, token: server.token },
      integration: installer.integration,
    },
    apps,
    tls,
    data,
    account,
    zendesk: zendesk.zendesk,
    salesforce: salesforce.salesforce,
    zis,
    deps,
    environment,
    faults,
    installer,
  };
}

/** Its last change was two days ago. */
function largeAccount({ seed, history = 1 }: WorldOptions, now: Date): WorldData["zendesk"] {
  const until = new Date(now.getTime() - 2 * DAY_MS);
  const from = new Date(until.getTime() - 3 * 365 * DAY_MS);
  return buildLargeAccount({ seed, tickets: history, from, until });
}

/** @returns its URL */
async function openDatabase(options: WorldOptions, closers: Closers): Promise<string> {
  const database = await createWorldDatabase(
    options.databaseUrl ?? process.env["DATABASE_URL"],
    process.env["DATA_DIR"] ?? ".caseqa",
    options.databaseTemplate,
  );
  closers.push(() => database.drop());
  return database.url;
}
