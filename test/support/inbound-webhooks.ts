/** The inbound webhook case_link_requested of a Zendesk that a test plays, as a server has it after an installation. */
import type { Kysely } from "kysely";
import { SETTINGS_SYNC } from "#contract/webhooks";
import type { Database } from "#platform/db/schema";
import { createOutbound } from "#platform/outbound/send";
import { type KeyRing, parseKeyRing } from "#platform/tokens/seal";
import { createInboundWebhooks } from "#subjects/zis-webhooks/inbound-webhooks";

/** Where events are posted. */
export const WEBHOOK_PATH = "/api/services/zis/inbound_webhooks/generic/ingest/secret";
const WEBHOOK_PASSWORD = "canary-webhook-password";
/** What the server takes as TOKEN_KEYS: it opens what is stored. */
export const TOKEN_KEYS = `test:${Buffer.alloc(32, 1).toString("base64")}`;

/** Stores it for an account, in a migrated database. Without settings_sync: its event of the hour would come in between. */
export async function storeCaseLinkWebhook(
  db: Kysely<Database>,
  account: string,
  origin: string,
): Promise<void> {
  const outbound = createOutbound();
  const webhooks = createInboundWebhooks({
    db,
    keys: parseKeyRing(TOKEN_KEYS) as KeyRing,
    origin,
    outbound,
    random: () => 0,
    now: () => new Date(),
  });
  const target = {
    url: `${origin}${WEBHOOK_PATH}`,
    username: "name",
    password: WEBHOOK_PASSWORD,
  };
  await webhooks.store(account, { settings_sync: target, case_link_requested: target });
  await db.deleteFrom("inbound_webhooks").where("name", "=", SETTINGS_SYNC).execute();
  await outbound.close();
}
