/** A local ZIS that stands alone: an account, its services and the page on one origin, with bundles installed. */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { fastify, type FastifyInstance } from "fastify";
import type { Dispatcher } from "undici";
import { integrationsIn } from "../page/integrations.ts";
import { pageRoutes } from "../page/routes.ts";
import { createAccount, type Account } from "../services/account.ts";
import { createZis, type Zis } from "../services/create-zis.ts";
import { openStore, type Store } from "../services/store.ts";
import { StateError } from "../services/store-lock.ts";
import type { BundleFile } from "./bundle-file.ts";
import {
  type InstalledIntegration,
  installBundle,
  keptIntegration,
  type Keys,
} from "./install-bundle.ts";
import { PLAYED_ACCOUNT } from "./played-account.ts";
import { type Seeds, sow } from "./seeds.ts";
import type { Choices } from "./set.ts";
import { UsageError } from "../terminal/usage-error.ts";

export interface LocalZisOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Where the state is kept; absent: in memory. */
  readonly dataDirectory: string | undefined;
  /** Where `path` actions go; absent: to the local ZIS itself. */
  readonly zendeskUrl: string | undefined;
  readonly bundles: readonly BundleFile[];
  /** What each integration has besides; those of the state have it too. */
  readonly seeds: Seeds;
  readonly choices: Pick<Choices, "switches" | "serviceSwitches">;
  /** Waits and the delays of retries take their time. */
  readonly realTime: boolean;
  /** Sends the requests of actions; absent: the network. Told where the account's host is. */
  readonly outgoing: ((zendeskOrigin: () => string) => Dispatcher) | undefined;
}

export interface LocalZis {
  readonly url: string;
  readonly subdomain: string;
  readonly accountId: number;
  readonly adminEmail: string;
  readonly apiToken: string;
  /** Of the bundles in their order, then those that only the state has. */
  readonly integrations: readonly InstalledIntegration[];
  /** Ends what runs, writes the state, frees the port. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const ADMIN = { id: 1, email: "admin@example.com", admin: true };

/** Starts it. Throws a UsageError for a port in use, a broken data directory or a refused bundle. */
export async function startLocalZis(options: LocalZisOptions): Promise<LocalZis> {
  const store = openDirectory(options.dataDirectory);
  try {
    return await startOn(store, options);
  } catch (error) {
    await store.close();
    if (!(error instanceof StateError)) throw error;
    throw new UsageError(`--data ${options.dataDirectory}: ${error.message}`);
  }
}

async function startOn(store: Store, options: LocalZisOptions): Promise<LocalZis> {
  const now = () => new Date();
  const newId = () => randomUUID();
  const account = createAccount({
    subdomain: PLAYED_ACCOUNT.subdomain,
    accountId: PLAYED_ACCOUNT.id,
    users: [ADMIN],
    now,
    newId,
    store,
  });
  const keys = createKeys(store, account);
  const app = fastify({ forceCloseConnections: true });
  let url = "";
  const zendeskOrigin = () => options.zendeskUrl ?? url;
  const outgoing = options.outgoing?.(zendeskOrigin);
  const zis = createZis({
    account,
    zendeskOrigin,
    now,
    newId,
    random: Math.random,
    waits: options.realTime ? "real" : "virtual",
    ...options.choices,
    store,
    ...(outgoing && { outgoing }),
  });
  const close = async () => {
    await app.close();
    await zis.close();
    await outgoing?.destroy();
  };
  try {
    await app.register(zis.routes);
    await app.register(pageRoutes({ account, zis, now, newId }));
    app.setNotFoundHandler(async (_request, reply) =>
      reply.code(404).send({ error: "InvalidEndpoint", description: "Not found" }),
    );
    url = await listen(app, options.port);
    const integrations = await fill(zis, options, keys, now().toISOString());
    await store.flush();
    return {
      url,
      subdomain: PLAYED_ACCOUNT.subdomain,
      accountId: PLAYED_ACCOUNT.id,
      adminEmail: ADMIN.email,
      apiToken: keys.apiToken,
      integrations,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fill(
  { stores }: Zis,
  { bundles, seeds }: LocalZisOptions,
  keys: Keys,
  at: string,
): Promise<readonly InstalledIntegration[]> {
  const kept = integrationsIn(stores.registry);
  const given = new Set(bundles.map(({ integration }) => integration));
  for (const name of new Set([...given, ...kept.map((each) => each.name)])) {
    sow(name, seeds, stores, at);
  }
  const integrations: InstalledIntegration[] = [];
  for (const bundle of bundles) {
    integrations.push(await installBundle(stores, bundle, ADMIN.id, keys));
  }
  const others = kept.filter(({ name }) => !given.has(name));
  return [...integrations, ...others.map((view) => keptIntegration(stores, view, keys))];
}

function openDirectory(directory: string | undefined): Store {
  try {
    return openStore(directory);
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`--data ${directory}: ${message}`);
  }
}

/** Keys that stay the same for as long as the state does. */
function createKeys(store: Store, account: Account): Keys & { readonly apiToken: string } {
  const keys = store.collection<string>("local_keys");
  const kept = (name: string, make: () => string): string => {
    const key = keys.get(name) ?? make();
    keys.set(name, key);
    return key;
  };
  return {
    apiToken: kept("api_token", () => account.createApiToken(ADMIN.email)),
    zisToken: (integration, clientId) =>
      kept(`zis_token:${integration}`, () => {
        const request = { clientId, userId: ADMIN.id, scopes: ["read", "write"] };
        return account.issueToken(request).accessToken;
      }),
  };
}

async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    await app.listen({ host: HOST, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE") throw new UsageError(`--port ${port}: ${message}`);
    throw new UsageError(
      `port ${port} is in use: choose another with --port, or --port 0 for a free one`,
    );
  }
  return `http://${HOST}:${(app.server.address() as AddressInfo).port}`;
}
