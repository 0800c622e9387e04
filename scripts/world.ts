/** The whole world on this machine: Zendesk with ZIS, Salesforce, the actions server, a fresh database. */
import { randomBytes, randomUUID } from "node:crypto";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fastify, type FastifyInstance, type FastifyPluginAsync } from "fastify";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import { createLog } from "#platform/log";
import { createDeps, type Deps, type DepsOverrides } from "#actions-server/deps";
import { type Certificate, makeCertificate } from "#sandbox/apps/certificate";
import { type Apps, createApps } from "#sandbox/apps/create-apps";
import { OWN_SDK } from "#sandbox/apps/host-routes";
import type { AppSwitches } from "#sandbox/apps/switches";
import type { ZendeskSwitches } from "#sandbox/zendesk/switches";
import { createRandom } from "#sandbox/data/random";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import { buildWorldData, type WorldData } from "#sandbox/data/world-data";
import { createFaults, type Faults } from "#sandbox/faults";
import { createSalesforce, type Salesforce } from "#sandbox/salesforce/create-salesforce";
import { createZendesk, type Zendesk, type ZendeskLimits } from "#sandbox/zendesk/create-zendesk";
import type { ZisEvent } from "#sandbox/zendesk/events";
import { pageRoutes } from "#zis/page/routes";
import { createAccount } from "#zis/services/account";
import { createZis, type Zis } from "#zis/services/create-zis";
import { createWorldDatabase } from "./world-database.ts";
import {
  type Administrator,
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
  /** A migrated database of `databaseUrl` that is copied, which is quicker than to migrate. */
  readonly databaseTemplate?: string;
  /** Where Zendesk's events go; absent: straight to ZIS, once each. */
  readonly onEvents?: (events: readonly ZisEvent[]) => void;
  /** Zendesk by TLS too, as zcli wants it. Default: plain HTTP only. */
  readonly tls?: boolean;
  /** False: an account in which nothing of CaseQA is installed yet. Default true. */
  readonly installed?: boolean;
  readonly appSwitches?: Partial<AppSwitches>;
  readonly zendeskSwitches?: Partial<ZendeskSwitches>;
  /** What the server's OAuth client asks for; default: its own. */
  readonly zendeskScope?: string;
  /** Other limits of the Support API than those of the plan Enterprise Plus. */
  readonly limits?: Partial<ZendeskLimits>;
  /** Integration names and the subdomains that own them; names are unique over all accounts. */
  readonly takenNames?: Map<string, string>;
  /** The time of everything but the databases and the waits of flows. */
  readonly now?: () => Date;
  /** Whether the waits of flows take time. Default: real. */
  readonly waits?: "real" | "virtual";
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

/** The account behind TLS, on 127.0.0.1. */
export interface WorldTls extends Certificate {
  readonly url: string;
  /** What zcli takes as ZENDESK_SUBDOMAIN and ZENDESK_DOMAIN to call that address. */
  readonly zcli: { readonly subdomain: string; readonly domain: string };
}

export interface World {
  readonly card: WorldCard;
  readonly apps: Apps;
  /** Undefined unless it was asked for. */
  readonly tls: WorldTls | undefined;
  readonly data: WorldData;
  readonly zendesk: Zendesk;
  readonly salesforce: Salesforce;
  readonly zis: Zis;
  readonly deps: Deps;
  readonly faults: { readonly zendesk: Faults; readonly salesforce: Faults };
  /** The key to the integration's own links and configs; throws where nothing is installed, as `webhooks` does. */
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
    return Object.assign(await start(options, closers), { close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: WorldOptions,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<World, "close">> {
  const now = options.now ?? (() => new Date());
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
    waits: options.waits ?? "real",
    ...(options.takenNames && { takenNames: options.takenNames }),
  });
  closers.push(() => zis.close());
  const zendesk = createZendesk({
    account,
    data: data.zendesk,
    now,
    newId,
    faults: faults.zendesk,
    ...(options.limits && { limits: options.limits }),
    ...(options.zendeskSwitches && { switches: options.zendeskSwitches }),
    onEvents:
      options.onEvents ??
      ((events) => {
        for (const event of events) zis.accept(event);
      }),
  });
  const basic = Buffer.from(`${admin.email}/token:${apiToken}`).toString("base64");
  const page = pageRoutes({ account, zis, authorization: `Basic ${basic}`, now, newId });
  const apps = createApps({
    account,
    users: data.zendesk.agents,
    now,
    newId,
    faults: faults.zendesk,
    switches: options.appSwitches ?? {},
  });
  const zendeskApp = await serve(
    [zis.routes, zendesk.routes, apps.routes, page],
    options.ports.zendesk,
    closers,
    (server) => apps.guard(server),
  );
  zendeskUrl = originOf(zendeskApp);
  const tls = options.tls === true ? await serveByTls(zendeskApp, now(), closers) : undefined;

  const administrator = { zendeskUrl, email: admin.email, apiToken };
  const installation =
    options.installed === false ? undefined : await install(administrator, INTEGRATION);

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
  const salesforceApp = await serve([salesforce.routes], options.ports.salesforce, closers);
  const salesforceUrl = originOf(salesforceApp);

  const database = await createWorldDatabase(
    options.databaseUrl ?? process.env["DATABASE_URL"],
    process.env["DATA_DIR"] ?? ".caseqa",
    options.databaseTemplate,
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
    ZENDESK_SUBDOMAIN: SUBDOMAIN,
    ZAF_SDK_URL: `${zendeskUrl}${OWN_SDK}`,
    TOKEN_KEYS: `world:${randomBytes(32).toString("base64")}`,
    ZENDESK_CLIENT_ID: oauth.identifier,
    ZENDESK_CLIENT_SECRET: oauth.secret,
    ...(options.zendeskScope !== undefined && { ZENDESK_SCOPE: options.zendeskScope }),
    SALESFORCE_LOGIN_URL: salesforceUrl,
    SALESFORCE_CLIENT_ID: client.clientId,
    SALESFORCE_CLIENT_SECRET: client.clientSecret,
    ...(installation && webhookEnvironment(installation.webhooks)),
  });
  const { deps, close: closeDeps } = await createDeps(config, {
    // Standard output belongs to the command: its table, its card, its JSON.
    log: createLog(options.logLevel, process.stderr),
    now,
    ...options.overrides,
  });
  closers.push(closeDeps);
  const app = await buildApp(deps);
  closers.push(() => app.close());
  await app.listen({ host: HOST, port: options.ports.server });
  const serverUrl = originOf(app);

  if (installation) {
    await installBundle(administrator, installation.registered, {
      serverUrl,
      serverToken: token,
      settings: { case_number_field_id: CASE_NUMBER_FIELD_ID },
    });
    await syncSettings(installation.webhooks.settingsSync, "install");
    await zis.idle(SYNC_MS);
  }

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
  const installed = () => {
    if (!installation) throw new Error("nothing is installed in this world");
    return installation;
  };
  return {
    card,
    apps,
    tls,
    data,
    zendesk,
    salesforce,
    zis,
    deps,
    faults,
    get zisToken() {
      return installed().registered.zisToken;
    },
    get webhooks() {
      return installed().webhooks;
    },
  };
}

/** The steps that come before the server knows where its events go. */
async function install(administrator: Administrator, integration: string) {
  const registered = await registerIntegration(administrator, integration);
  return { registered, webhooks: await createWebhooks(administrator, registered) };
}

function webhookEnvironment({ caseLinkRequested }: Webhooks): Record<string, string> {
  return {
    ZIS_WEBHOOK_CASE_LINK_URL: caseLinkRequested.url,
    ZIS_WEBHOOK_CASE_LINK_USERNAME: caseLinkRequested.username,
    ZIS_WEBHOOK_CASE_LINK_PASSWORD: caseLinkRequested.password,
  };
}

async function serve(
  plugins: readonly FastifyPluginAsync[],
  port: number,
  closers: (() => Promise<unknown>)[],
  prepare: (app: FastifyInstance) => void = () => undefined,
): Promise<FastifyInstance> {
  // Room for the long URLs that Salesforce refuses with a 414 of its own.
  const app = fastify({ forceCloseConnections: true, http: { maxHeaderSize: 65_536 } });
  prepare(app);
  for (const plugin of plugins) await app.register(plugin);
  closers.push(() => app.close());
  await app.listen({ host: HOST, port });
  return app;
}

/** The same routes a second time, behind a certificate of their own, on a free port. */
async function serveByTls(
  app: FastifyInstance,
  now: Date,
  closers: (() => Promise<unknown>)[],
): Promise<WorldTls> {
  const certificate = makeCertificate(now);
  const server = createTlsServer(certificate, (request, response) => {
    app.routing(request, response);
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    ...certificate,
    url: `https://${HOST}:${port}`,
    zcli: { subdomain: "127", domain: `0.0.1:${port}` },
  };
}

function originOf(app: FastifyInstance): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${HOST}:${port}`;
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
