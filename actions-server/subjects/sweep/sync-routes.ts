/** The JSON routes of the first load: planned, begun, looked at and stopped. */
import type { SYNC_ROUTES } from "#contract/routes/sync";
import { readInstant } from "#contract/instant";
import type { RouteHandlers } from "#platform/http/json-routes";
import { AppError } from "#platform/errors";
import type { FirstLoad } from "./first-load.ts";

interface SyncRouteDeps extends FirstLoad {
  readonly now: () => Date;
}

export function createSyncRoutes({
  start,
  plan,
  stop,
  status,
  now,
}: SyncRouteDeps): RouteHandlers<typeof SYNC_ROUTES> {
  return {
    "plan-sync": ({ account, body, call }) => plan(account, readSince(body.since, now()), call),
    async "start-sync"({ account, body, call }) {
      await start(account, readSince(body.since, now()), call);
      return status(account);
    },
    sync: ({ account }) => status(account),
    async "stop-sync"({ account }) {
      await stop(account);
      return status(account);
    },
  };
}

function readSince(text: string | undefined, now: Date): Date | undefined {
  const since = text === undefined ? undefined : readInstant(text);
  if (since && since > now) throw new AppError("BAD_REQUEST", "body.since is in the future");
  return since;
}
