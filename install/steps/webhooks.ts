/** Step 6: the inbound webhooks by which our server starts flows; it keeps their one-time credentials. */
import { ADMIN_PATHS, type Webhooks } from "#contract/admin";
import { ask } from "../ask.ts";
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

/** Younger ones may be another installation's that runs at this moment. */
const OLD_MS = 60 * 60_000;

interface Look {
  readonly noted: readonly NotedWebhook[];
  /** Events of which Zendesk has no webhook of ours. */
  readonly missing: readonly string[];
  readonly serverReady: boolean;
}

async function look(context: StepContext): Promise<Look> {
  const noted = await listNoted(context);
  const there = await Promise.all(
    noted.map(async (one) => ((await isThere(context, one.uuid)) ? one.event : null)),
  );
  const missing = WEBHOOK_EVENTS.filter((event) => !there.includes(event));
  const check = checkOf(await readHealth(context), "webhooks");
  return { noted, missing, serverReady: check?.ok ?? false };
}

const THERE = "Both webhooks are there, and the server can post to them.";

export const webhooksStep: Step = {
  async run(context) {
    const before = await look(context);
    if (before.missing.length === 0 && before.serverReady) {
      return { outcome: "already", message: THERE, remedy: null };
    }
    await renewWebhooks(context, before.noted);
    const after = await look(context);
    if (after.missing.length === 0 && after.serverReady) {
      return { outcome: "done", message: THERE, remedy: null };
    }
    return { ...told(after), outcome: "failed" };
  },

  async check(context) {
    const found = await look(context);
    if (found.missing.length === 0 && found.serverReady) {
      return { outcome: "already", message: THERE, remedy: null };
    }
    return told(found);
  },
};

function told({ missing, serverReady }: Look) {
  const wrong = [
    ...missing.map((event) => `the webhook ${event} is not there`),
    ...(serverReady ? [] : ["the server has no credential for the webhooks"]),
  ].join("; ");
  const message = `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}.`;
  return {
    outcome: "failed",
    message,
    remedy: `${runSteps("webhooks")} It makes both anew.`,
  } as const;
}

/**
 * Makes both webhooks, hands their credentials to the server, and deletes the ones before. This is also how a
 * credential is changed: ZIS offers no other way. Twice at once, both pairs work, and the server keeps the last.
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
    await ask(
      context.callServer,
      {
        method: "PUT",
        path: ADMIN_PATHS.webhooks,
        body: Object.fromEntries(targets) as Webhooks,
      },
      "hand the webhooks' credentials to the server",
    );
  } catch (error) {
    // Nobody holds their credentials now: they would only be in the way.
    for (const { uuid } of made) await deleteWebhook(context, uuid).catch(() => undefined);
    throw error;
  }
  const limit = context.now().getTime() - OLD_MS;
  for (const { uuid, madeAt } of old) {
    if (!(Date.parse(madeAt) > limit)) await deleteWebhook(context, uuid).catch(() => undefined);
  }
}
