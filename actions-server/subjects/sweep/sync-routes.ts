/** The JSON routes of the first load: begun, looked at and stopped. */
import type { SYNC_ROUTES, SyncStatus } from "#contract/routes/sync";
import { readInstant } from "#contract/instant";
import type { RouteHandlers } from "#platform/http/json-routes";
import { AppError } from "#platform/errors";

interface SyncRouteDeps {
  /** Durable when it resolves. */
  readonly start: (account: string, since: Date | undefined) => Promise<void>;
  readonly stop: (account: string) => Promise<void>;
  readonly status: (account: string) => Promise<SyncStatus>;
  readonly now: () => Date;
}

export function createSyncRoutes({
  start,
  stop,
  status,
  now,
}: SyncRouteDeps): RouteHandlers<typeof SYNC_ROUTES> {
  return {
    async "start-sync"({ account, body }) {
      await start(account, readSince(body.since, now()));
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
