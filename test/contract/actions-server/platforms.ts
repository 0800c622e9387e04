/** Both stand-ins over HTTP with the sample data, and the server's adapters pointed at them. */
import Fastify from "fastify";
import { onTestFinished } from "vitest";
import { createOutbound } from "#platform/outbound/send";
import { createCaseFinder } from "#remotes/salesforce/case-finder";
import { createSalesforceConnection } from "#remotes/salesforce/connection";
import { Secret } from "#platform/secret";
import { createMemoryTokenStore } from "#platform/tokens/store";
import { createZendeskClient } from "#remotes/zendesk/client";
import { oauthCredentials } from "#remotes/zendesk/credentials";
import { createFindNote } from "#remotes/zendesk/comment-search";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { createZendeskWriter } from "#remotes/zendesk/writer";
import { buildWorldData } from "#sandbox/data/world-data";
import { createFaults } from "#sandbox/faults";
import { createSalesforce } from "#sandbox/salesforce/create-salesforce";
import { createZendesk } from "#sandbox/zendesk/create-zendesk";
import type { ZendeskSwitches } from "#sandbox/zendesk/switches";
import { createAccount } from "#zis/services/account";
import { oauthRoutes } from "#zis/services/oauth-routes";

const now = () => new Date("2026-11-25T08:00:00Z");
const random = () => 0;

function countingIds(): () => string {
  let serial = 0;
  return () => `id-${(serial += 1)}`;
}

interface PlatformOptions {
  /** What the token may do; default: what the server asks for. */
  readonly scope?: string;
  readonly switches?: Partial<ZendeskSwitches>;
}

/** The sample world with this many tickets; everything stops when the test ends. */
export async function startPlatforms(tickets: number, options: PlatformOptions = {}) {
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const data = buildWorldData({ seed: 7, tickets });
  const zendesk = await startZendesk(data.zendesk, options.switches ?? {});
  const salesforce = await startSalesforce(data.salesforce);
  const client = createZendeskClient({
    origin: zendesk.origin,
    credentials: oauthCredentials({
      ...zendesk,
      ...(options.scope !== undefined && { scope: options.scope }),
      outbound,
      now,
      random,
      store: createMemoryTokenStore(),
    }),
    outbound,
    random,
  });
  const connection = createSalesforceConnection({
    ...salesforce,
    apiVersion: "67.0",
    outbound,
    random,
    now,
    store: createMemoryTokenStore(),
  });
  return {
    data,
    zendesk,
    salesforce,
    reader: createZendeskReader(client),
    writer: createZendeskWriter(client),
    findNote: createFindNote(client),
    finder: createCaseFinder(connection),
  };
}

async function startZendesk(
  data: ReturnType<typeof buildWorldData>["zendesk"],
  switches: Partial<ZendeskSwitches>,
) {
  const admin = data.agents[0]!;
  const account = createAccount({
    subdomain: "acme",
    accountId: 1,
    users: [{ id: admin.id, email: admin.email ?? "", admin: true }],
    now,
    newId: countingIds(),
  });
  const client = account.createOAuthClient({ identifier: "caseqa", userId: admin.id });
  const faults = createFaults();
  const newId = countingIds();
  const zendesk = createZendesk({
    account,
    data,
    now,
    newId,
    faults,
    switches,
    onEvents: () => {},
  });
  const app = Fastify({ forceCloseConnections: true });
  oauthRoutes(app, { account, now });
  await app.register(zendesk.routes);
  const paths: string[] = [];
  app.addHook("onRequest", async (request) => void paths.push(request.url.split("?", 1)[0]!));
  let lost: string | undefined;
  app.addHook("onSend", async (request) => {
    if (request.method !== lost) return;
    lost = undefined;
    request.raw.socket.destroy();
  });
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => app.close());
  return {
    origin,
    clientId: client.identifier,
    clientSecret: new Secret(client.secret),
    tickets: zendesk.tickets,
    agents: zendesk.agents,
    switches: zendesk.switches,
    revokeTokens: () => account.tokens().forEach(({ id }) => account.revokeToken(id)),
    faults,
    paths,
    /** The next call of this method takes effect, but the connection breaks before its answer. */
    loseAnswer: (method: string) => void (lost = method),
  };
}

async function startSalesforce(records: ReturnType<typeof buildWorldData>["salesforce"]) {
  const faults = createFaults();
  const client = { clientId: "key", clientSecret: "secret", runAsUserId: records.User[0]!.Id };
  const org = createSalesforce({ records, clients: [client], now, newId: countingIds(), faults });
  const app = Fastify({ forceCloseConnections: true });
  await app.register(org.routes);
  const loginUrl = await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => app.close());
  return {
    loginUrl,
    clientId: client.clientId,
    auth: { kind: "client-credentials", clientSecret: new Secret(client.clientSecret) } as const,
    revokeTokens: () => org.revokeTokens(),
    usage: () => org.usage().used,
    faults,
  };
}
