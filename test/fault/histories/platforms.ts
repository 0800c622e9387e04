/** Zendesk with its inbound webhook, and Salesforce, in this process: they outlive the servers, and what reached them is counted. */
import { fastify, type FastifyInstance } from "fastify";
import { noteReference } from "#subjects/cases/note";
import type { CaseLinkRequestedEvent } from "#contract/webhooks";
import { linkEventId } from "#subjects/cases/request-link";
import { buildWorldData } from "#sandbox/data/world-data";
import { createFaults, type Faults } from "#sandbox/faults";
import { createSalesforce } from "#sandbox/salesforce/create-salesforce";
import { createZendesk } from "#sandbox/zendesk/create-zendesk";
import { createAccount } from "#zis/services/account";
import { TOKEN_KEYS, WEBHOOK_PATH } from "#test/support/inbound-webhooks";

export interface Platforms {
  /** What a server needs to know of them. */
  readonly env: Readonly<Record<string, string>>;
  /** Open tickets that have one case each. */
  readonly ticketIds: readonly string[];
  readonly faults: { readonly zendesk: Faults; readonly salesforce: Faults };
  countNotes(account: string, key: string, ticketId: string): number;
  /** Different requests for the link; the flow that gets one twice looks before it links. */
  countLinkRequests(account: string, key: string, ticketId: string): number;
  stop(): Promise<void>;
}

const TICKETS = 120;
const NO_LIMIT = 1_000_000_000;

async function serve(app: FastifyInstance): Promise<string> {
  return app.listen({ host: "127.0.0.1", port: 0 });
}

export async function startPlatforms(): Promise<Platforms> {
  const now = () => new Date();
  const newId = () => crypto.randomUUID();
  const data = buildWorldData({ seed: 7, tickets: TICKETS });
  const admin = data.zendesk.agents[0]!;
  const email = admin.email ?? "";
  const account = createAccount({
    subdomain: "acme",
    accountId: 1,
    users: [{ id: admin.id, email, admin: true }],
    now,
    newId,
  });
  const faults = { zendesk: createFaults(), salesforce: createFaults() };
  const zendesk = createZendesk({
    account,
    data: data.zendesk,
    now,
    newId,
    faults: faults.zendesk,
    limits: {
      requestsPerMinute: NO_LIMIT,
      ticketUpdatesPerMinute: NO_LIMIT,
      updatesOfTicketPerTenMinutes: NO_LIMIT,
      auditsPerMinute: NO_LIMIT,
    },
    onEvents: () => {},
  });
  const posted: CaseLinkRequestedEvent[] = [];
  const desk = fastify({ forceCloseConnections: true });
  await desk.register(zendesk.routes);
  await desk.register(async (hook) => {
    hook.addHook("onRequest", faults.zendesk.onRequest);
    hook.addHook("onSend", faults.zendesk.onSend);
    hook.post<{ Body: CaseLinkRequestedEvent }>(WEBHOOK_PATH, ({ body }) => {
      posted.push(body);
      return {};
    });
  });
  const client = { clientId: "key", clientSecret: "secret" };
  const org = fastify({ forceCloseConnections: true });
  const salesforce = createSalesforce({
    records: data.salesforce,
    clients: [{ ...client, runAsUserId: data.salesforce.User[0]!.Id }],
    now,
    newId,
    faults: faults.salesforce,
    limits: { dailyRequests: NO_LIMIT },
  });
  await org.register(salesforce.routes);
  const zendeskUrl = await serve(desk);
  return {
    env: {
      ZENDESK_URL: zendeskUrl,
      ZENDESK_EMAIL: email,
      ZENDESK_API_TOKEN: account.createApiToken(email),
      ZENDESK_ALLOW_API_TOKEN: "true",
      SALESFORCE_LOGIN_URL: await serve(org),
      SALESFORCE_CLIENT_ID: client.clientId,
      SALESFORCE_CLIENT_SECRET: client.clientSecret,
      TOKEN_KEYS,
    },
    ticketIds: data.zendesk.tickets
      .filter(
        ({ id, status }) => status === "open" && data.truth.get(String(id))?.outcome === "matched",
      )
      .map(({ id }) => String(id)),
    faults,
    countNotes(owner, key, ticketId) {
      const reference = noteReference({ account: owner, operation: "annotate-ticket", key });
      return zendesk.tickets.comments(ticketId).filter(({ body }) => body.includes(reference))
        .length;
    },
    countLinkRequests(owner, key, ticketId) {
      const eventId = linkEventId(owner, key);
      const same = posted.filter(
        (event) => event.event_id === eventId && event.ticket_id === ticketId,
      );
      return new Set(same.map((event) => JSON.stringify(event))).size;
    },
    async stop() {
      await desk.close();
      await org.close();
    },
  };
}
