/** The whole world on this machine: Zendesk with ZIS, Salesforce, the actions server, a fresh database. */
import { randomBytes, randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { fastify, type FastifyInstance, type FastifyPluginAsync } from "fastify";
import { buildApp } from "../actions-server/app.ts";
import { loadConfig } from "../actions-server/config.ts";
import { createLog } from "../actions-server/log.ts";
import { createDeps, type Deps, type DepsOverrides } from "../actions-server/deps.ts";
import { createRandom } from "../sandbox/data/random.ts";
import { CASE_NUMBER_FIELD_ID } from "../sandbox/data/ticket-fields.ts";
import { buildWorldData, type WorldData } from "../sandbox/data/world-data.ts";
import { createFaults, type Faults } from "../sandbox/faults.ts";
import { createSalesforce, type Salesforce } from "../sandbox/salesforce/create-salesforce.ts";
import { createZendesk, type Zendesk } from "../sandbox/zendesk/create-zendesk.ts";
import type { ZisEvent } from "../sandbox/zendesk/events.ts";
import { pageRoutes } from "../zis/page/routes.ts";
import { createAccount } from "../zis/services/account.ts";
import { createZis, type Zis } from "../zis/services/create-zis.ts";
import { createWorldDatabase } from "./world-database.ts";
import {
  createWebhooks,
  installBundle,
  registerIntegration,
  syncSettings,
  type Webhooks,
} from "./install-bundle.ts";

export interface WorldPorts {
  readonly zendesk: number;
  readonly salesforce: number;
  readonly server: number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly tickets: number;
  /** 0: a free port. */
  readonly ports: WorldPorts;
  readonly logLevel: string;
  /** Default: DATABASE_URL; when that is unset too, the embedded Postgres of DATA_DIR. */
  readonly databaseUrl?: string;
  /** Where Zendesk's events go; absent: straight to ZIS, once each. */
  readonly onEvents?: (events: readonly ZisEvent[]) => void;
  /** Replaces parts of the actions server. */
  readonly overrides?: DepsOverrides;
}

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
  readonly data: WorldData;
  readonly zendesk: Zendesk;
  readonly salesforce: Salesforce;
  readonly zis: Zis;
  readonly deps: Deps;
  readonly faults: { readonly zendesk: Faults; readonly salesforce: Faults };
  /** The key to the integration's own links and configs. */
  readonly zisToken: string;
  readonly webhooks: Webhooks;
  /** Stops everything and drops the database; safe to call twice. */
  close(): Promise<void>;
}

const SUBDOMAIN = "caseqa";
const ACCOUNT_ID = 12_514_403;
const INTEGRATION = "caseqa_sandbox";
const HOST = "127.0.0.1";
/** How long the first settings_sync may take before something is wrong. */
const SYNC_MS = 15_000;

/** Starts everything, in the order of who needs whom; what was started is stopped again when a step fails. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const closers: (() => Promise<unknown>)[] = [];
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

async function start(
  options: WorldOptions,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<World, "close">> {
  const now = () => new Date();
  const newId = () => randomUUID();
  const data = buildWorldData({ seed: options.seed, tickets: options.tickets });
  const faults = { zendesk: createFaults(), salesforce: createFaults() };

  const account = createAccount({
    subdomain: SUBDOMAIN,
    accountId: ACCOUNT_ID,
    users: data.zendesk.agents.flatMap(({ id, email, role }) =>
      email === null ? [] : [{ id, email, admin: role === "admin" }],
    ),
    now,
    newId,
  });
  const admin = data.zendesk.agents[0];
  if (!admin?.email) throw new Error("the sample data begin with an administrator");
  const apiToken = account.createApiToken(admin.email);
  const oauth = account.createOAuthClient({ identifier: "caseqa_server", userId: admin.id });

  let zendeskUrl = "";
  const zis = createZis({
    account,
    zendeskOrigin: () => zendeskUrl,
    now,
    newId,
    random: createRandom(options.seed).next,
    waits: "real",
  });
  closers.push(() => zis.close());
  const zendesk = createZendesk({
    account,
    data: data.zendesk,
    now,
    newId,
    faults: faults.zendesk,
    onEvents:
      options.onEvents ??
      ((events) => {
        for (const event of events) zis.accept(event);
      }),
  });
  const basic = Buffer.from(`${admin.email}/token:${apiToken}`).toString("base64");
  const page = pageRoutes({ account, zis, authorization: `Basic ${basic}`, now, newId });
  zendeskUrl = await serve([zis.routes, zendesk.routes, page], options.ports.zendesk, closers);

  const administrator = { zendeskUrl, email: admin.email, apiToken };
  const registered = await registerIntegration(administrator, INTEGRATION);
  const webhooks = await createWebhooks(administrator, registered);

  const [runAs] = data.salesforce.User;
  if (!runAs) throw new Error("the sample data begin with a Salesforce user");
  const client = { clientId: `caseqa.${secret(8)}`, clientSecret: secret(24) };
  const salesforce = createSalesforce({
    records: data.salesforce,
    clients: [{ ...client, runAsUserId: runAs.Id }],
    now,
    newId,
    faults: faults.salesforce,
  });
  const salesforceUrl = await serve([salesforce.routes], options.ports.salesforce, closers);

  const database = await createWorldDatabase(
    options.databaseUrl ?? process.env["DATABASE_URL"],
    process.env["DATA_DIR"] ?? ".caseqa",
  );
  closers.push(() => database.drop());
  const token = secret(24);
  const config = loadConfig({
    HOST,
    PORT: String(options.ports.server),
    LOG_LEVEL: options.logLevel,
    DATABASE_URL: database.url,
    SERVER_TOKENS: `${ACCOUNT_ID}:${token}`,
    ZENDESK_URL: zendeskUrl,
    ZENDESK_CLIENT_ID: oauth.identifier,
    ZENDESK_CLIENT_SECRET: oauth.secret,
    SALESFORCE_LOGIN_URL: salesforceUrl,
    SALESFORCE_CLIENT_ID: client.clientId,
    SALESFORCE_CLIENT_SECRET: client.clientSecret,
    ZIS_WEBHOOK_CASE_LINK_URL: webhooks.caseLinkRequested.url,
    ZIS_WEBHOOK_CASE_LINK_USERNAME: webhooks.caseLinkRequested.username,
    ZIS_WEBHOOK_CASE_LINK_PASSWORD: webhooks.caseLinkRequested.password,
  });
  const { deps, close: closeDeps } = await createDeps(config, {
    // Standard output belongs to the command: its table, its card, its JSON.
    log: createLog(options.logLevel, process.stderr),
    ...options.overrides,
  });
  closers.push(closeDeps);
  const app = await buildApp(deps);
  closers.push(() => app.close());
  await app.listen({ host: HOST, port: options.ports.server });
  const serverUrl = originOf(app);

  await installBundle(administrator, registered, {
    serverUrl,
    serverToken: token,
    settings: { case_number_field_id: CASE_NUMBER_FIELD_ID },
  });
  await syncSettings(webhooks.settingsSync, "install");
  await zis.idle(SYNC_MS);

  const card: WorldCard = {
    zendesk: {
      url: zendeskUrl,
      subdomain: SUBDOMAIN,
      adminEmail: admin.email,
      apiToken,
      oauth: { clientId: oauth.identifier, clientSecret: oauth.secret },
    },
    salesforce: { loginUrl: salesforceUrl, ...client },
    server: { url: serverUrl, token },
    integration: INTEGRATION,
  };
  const { zisToken } = registered;
  return { card, data, zendesk, salesforce, zis, deps, faults, zisToken, webhooks };
}

async function serve(
  plugins: readonly FastifyPluginAsync[],
  port: number,
  closers: (() => Promise<unknown>)[],
): Promise<string> {
  // Room for the long URLs that Salesforce refuses with a 414 of its own.
  const app = fastify({ forceCloseConnections: true, http: { maxHeaderSize: 65_536 } });
  for (const plugin of plugins) await app.register(plugin);
  closers.push(() => app.close());
  await app.listen({ host: HOST, port });
  return originOf(app);
}

function originOf(app: FastifyInstance): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${HOST}:${port}`;
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
