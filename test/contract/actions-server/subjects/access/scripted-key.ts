/** A Zendesk that answers for the keys of a few apps, and our way to ask it. */
import { fetchPublicKey } from "#subjects/access/app-key";
import { createDeadline } from "#platform/deadline";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { PUBLIC_KEY } from "#test/support/sign-token";
import { json, startScriptedServer, text, type Answer } from "../../scripted-server.ts";

const ANSWERS: Readonly<Record<string, Answer>> = {
  "/api/v2/apps/11/public_key.pem": text(PUBLIC_KEY),
  "/api/v2/apps/13/public_key.pem": text("<html>"),
  "/api/v2/apps/14/public_key.pem": json({ error: "Forbidden" }, 403),
};

export async function createScriptedZendeskKey() {
  const { origin } = await startScriptedServer(
    ({ path }) => ANSWERS[path] ?? json({ error: "RecordNotFound" }, 404),
  );
  const outbound = createOutbound();
  const client = createZendeskClient({
    origin,
    credentials: apiTokenCredentials("a@acme.example", new Secret("x")),
    outbound,
    random: () => 0,
  });
  const deadline = createDeadline(5_000);
  return {
    fetch: (appId: string) => fetchPublicKey(client, appId, { deadline, requestId: "r" }),
    async close() {
      deadline.clear();
      await outbound.close();
    },
  };
}
