/** Is every account's settings_sync asked for by the hour, once however often it is tried, and whatever another's does? */
import { fastify } from "fastify";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { createInboundWebhooks } from "#subjects/zis-webhooks/inbound-webhooks";
import { askTestEvent } from "#subjects/flow-watch/test-events";
import { syncAllSettings, type AskSettingsSync } from "#subjects/settings/sync-settings";
import type { OpenDatabase } from "#platform/db/open";
import { createOutbound } from "#platform/outbound/send";
import { parseKeyRing, type KeyRing } from "#platform/tokens/seal";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

let database: OpenDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});

/** Zendesk with a webhook for each account, of which some are refused. */
async function setUp(refused: ReadonlySet<string>) {
  const app = fastify({ forceCloseConnections: true });
  const asked: string[] = [];
  app.post<{ Params: { account: string }; Body: { event_id: string } }>(
    "/api/services/zis/inbound_webhooks/generic/ingest/:account",
    async ({ params: { account }, body }, reply) => {
      if (refused.has(account)) return reply.code(401).send({ error: "nobody" });
      asked.push(`${account} ${body.event_id}`);
      return {};
    },
  );
  onTestFinished(() => app.close());
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  let at = "2026-11-25T08:02:00Z";
  const now = () => new Date(at);
  const webhooks = createInboundWebhooks({
    db: database.db,
    keys: parseKeyRing(`k1:${Buffer.alloc(32, 1).toString("base64")}`) as KeyRing,
    origin,
    outbound,
    random: () => 0,
    now,
  });
  for (const account of ["acme", "globex", "initech"]) {
    const url = `${origin}/api/services/zis/inbound_webhooks/generic/ingest/${account}`;
    const target = { url, username: "user", password: "password" };
    await webhooks.store(account, { settings_sync: target, case_link_requested: target });
  }
  const { db } = database;
  const askSettingsSync: AskSettingsSync = async (event, call) => {
    const webhook = await webhooks.settingsSync(event.account);
    if (webhook) await askTestEvent({ db, now, webhook }, event, call);
  };
  const run = () => syncAllSettings({ db, askSettingsSync, now, log: silentLog });
  return { asked, run, at: (instant: string) => void (at = instant) };
}

it("asks each account for the run of the hour, and for the same one when it is tried again", async () => {
  const { asked, run, at } = await setUp(new Set());
  await run();
  await run();
  at("2026-11-25T09:02:00Z");
  await run();
  const hour = (name: string) => ["acme", "globex", "initech"].map((each) => `${each} ${name}`);
  const [first, second] = ["hourly-2026-11-25T08", "hourly-2026-11-25T09"];
  expect(asked).toEqual([...hour(first), ...hour(first), ...hour(second)]);
});

it("asks the others when one cannot be asked, and then fails so that it is tried again", async () => {
  const { asked, run } = await setUp(new Set(["globex"]));
  await expect(run()).rejects.toThrow("1 accounts");
  expect(asked).toEqual(["acme hourly-2026-11-25T08", "initech hourly-2026-11-25T08"]);
});
