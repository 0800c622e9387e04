/** The JSON routes about flows: whether they are expected, and sending a test event. */
import type { Kysely } from "kysely";
import type { FLOW_WATCH_ROUTES } from "#contract/routes/flow-watch";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { RouteHandlers } from "#platform/http/json-routes";
import { askTestEvent, type TestEventWebhook } from "./test-events.ts";
import { expectFlows } from "./watch-store.ts";

interface FlowWatchRouteDeps {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Undefined: the account has not stored a webhook. */
  readonly settingsSync: (account: string) => Promise<TestEventWebhook | undefined>;
}

export function createFlowWatchRoutes({
  db,
  now,
  newId,
  settingsSync,
}: FlowWatchRouteDeps): RouteHandlers<typeof FLOW_WATCH_ROUTES> {
  return {
    "expect-flows": ({ account, body }) => expectFlows(db, account, body.expected, now()),
    async "sync-settings"({ account, call }) {
      const webhook = await settingsSync(account);
      if (!webhook) {
        throw new AppError("WEBHOOK_NOT_CONFIGURED", "the webhook settings_sync is not known here");
      }
      const id = `sync-${newId()}`;
      await askTestEvent({ db, now, webhook }, { account, id }, call);
      return { event_id: id };
    },
  };
}
