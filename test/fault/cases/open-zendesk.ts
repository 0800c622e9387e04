/** A Zendesk with two tickets for the server to write on; it does not listen yet. */
import { fastify } from "fastify";
import { onTestFinished } from "vitest";
import { buildWorldData } from "#sandbox/data/world-data";
import { createZendesk } from "#sandbox/zendesk/create-zendesk";
import { createAccount } from "#zis/services/account";

/** `credentials`: an administrator's, as variables of the server. Closed when the test ends. */
export function openZendesk() {
  const now = () => new Date();
  const newId = () => crypto.randomUUID();
  const data = buildWorldData({ seed: 7, tickets: 2 }).zendesk;
  const admin = data.agents[0]!;
  const email = admin.email ?? "";
  const account = createAccount({
    subdomain: "acme",
    accountId: 1,
    users: [{ id: admin.id, email, admin: true }],
    now,
    newId,
  });
  const zendesk = createZendesk({ account, data, now, newId, onEvents: () => {} });
  const app = fastify({ forceCloseConnections: true });
  onTestFinished(() => app.close());
  const credentials = { ZENDESK_EMAIL: email, ZENDESK_API_TOKEN: account.createApiToken(email) };
  return { zendesk, app, credentials };
}
