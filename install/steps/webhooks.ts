/** Step 6: the inbound webhooks with which our server starts flows. The server keeps their credentials, which ZIS shows once. */
import type { Webhooks } from "#contract/routes/zis-webhooks";
import { askServer } from "../ask-server.ts";
import type { Step, StepContext } from "../context.ts";
import { checkOf, readHealth } from "../server-health.ts";
import {
  deleteWebhook,
  isThere,
  listNoted,
  type MadeWebhook,
  makeWebhook,
  type NotedWebhook,
  WEBHOOK_EVENTS,
} from "../webhooks.ts";
import { runSteps } from "../step-remedies.ts";

/** Younger ones may belong to another installation that is running now. */
const OLD_MS = 60 * 60_000;

interface Look {
  /** Events without a webhook in Zendesk. */
  readonly missing: readonly string[];
  readonly serverReady: boolean;
}

async function look(context: StepContext): Promise<Look> {
  const missing = await missingOf(context, await listNoted(context));
  return { missing, serverReady: await isServerReady(context) };
}

async function missingOf(context: StepContext, noted: readonly NotedWebhook[]) {
  const there = await Promise.all(
    noted.map(async (one) => ((await isThere(context, one.uuid)) ? one.event : null)),
  );
  return WEBHOOK_EVENTS.filter((event) => !there.includes(event));
}

async function isServerReady(context: StepContext): Promise<boolean> {
  return checkOf(await readHealth(context), "webhooks")?.ok ?? false;
}

const READY = "Both webhooks exist, and the server can post to them.";

export const webhooksStep: Step = {
  async run(context) {
    const noted = await listNoted(context);
    if ((await missingOf(context, noted)).length === 0 && (await isServerReady(context))) {
      return { outcome: "already", message: READY, remedy: null };
    }
    await renewWebhooks(context, noted);
    const after = await look(context);
    if (after.missing.length === 0 && after.serverReady) {
      return { outcome: "done", message: READY, remedy: null };
    }
    return { ...findingOf(after), outcome: "failed" };
  },

  async check(context) {
    const found = await look(context);
    if (found.missing.length === 0 && found.serverReady) {
      return { outcome: "already", message: READY, remedy: null };
    }
    return findingOf(found);
  },
};

function findingOf({ missing, serverReady }: Look) {
  const wrong = [
    ...missing.map((event) => `the webhook ${event} does not exist`),
    ...(serverReady ? [] : ["the server has no credential for the webhooks"]),
  ].join("; ");
  const message = `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}.`;
  return {
    outcome: "failed",
    message,
    remedy: `${runSteps("webhooks")} It creates both again.`,
  } as const;
}

/**
 * Creates both webhooks, hands their credentials to the server, and deletes the previous ones. This is also how to change
 * a credential: ZIS offers no other way. When run twice at once, both pairs work, and the server keeps the last.
 */
export async function renewWebhooks(
  context: StepContext,
  before?: readonly NotedWebhook[],
): Promise<void> {
  const old = before ?? (await listNoted(context));
  const made: MadeWebhook[] = [];
  try {
    for (const event of WEBHOOK_EVENTS) made.push(await makeWebhook(context, event));
    const targets = made.map(({ event, url, username, password }) => [
      event,
      { url, username, password },
    ]);
    await askServer(context.callServer, "hand the webhooks' credentials to the server", {
      route: "store-webhooks",
      body: Object.fromEntries(targets) as Webhooks,
    });
  } catch (error) {
    // Nobody has their credentials, so they are useless.
    for (const { uuid } of made) await deleteWebhook(context, uuid).catch(() => undefined);
    throw error;
  }
  const limit = context.now().getTime() - OLD_MS;
  for (const { uuid, madeAt } of old) {
    if (!(Date.parse(madeAt) > limit)) await deleteWebhook(context, uuid).catch(() => undefined);
  }
}
