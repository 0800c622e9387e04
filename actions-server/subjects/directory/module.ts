/** How the Zendesk account is set up, read by the hour: groups, who is in them, and fields. */
import type { Kysely } from "kysely";
import type { DIRECTORY_ROUTES } from "#contract/routes/directory";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import type { RouteHandlers } from "#platform/http/json-routes";
import { worker, type Queue } from "#platform/jobs/queue";
import type { Module } from "#platform/module";
import type { RemoteCall } from "#platform/outbound/send";
import type { AccountLists } from "#remotes/zendesk/account-lists";
import { storeDirectory } from "./directory-store.ts";
import { createDirectoryRoutes } from "./routes.ts";

const READ_DIRECTORIES: Queue<object> = {
  name: "read-directories",
  timeoutSeconds: 600,
  retries: 2,
  concurrency: 1,
  cron: "27 * * * *",
};

/** Nobody waits, so a list may wait for the account's next minute. */
const BUDGET_MS = 5 * 60_000;

export interface DirectoryOptions {
  readonly db: Kysely<Database>;
  readonly lists: AccountLists;
  /** Accounts whose flows have handed their settings over. */
  readonly accounts: () => Promise<readonly string[]>;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface DirectoryModule extends Module {
  readonly routes: RouteHandlers<typeof DIRECTORY_ROUTES>;
  /** The job of each hour. */
  readonly readAll: () => Promise<void>;
}

export function createDirectory(options: DirectoryOptions): DirectoryModule {
  const { db, lists, accounts, now, newId } = options;

  /** Throws ZENDESK_ errors, and stores nothing then: half of a list would remove the other half. */
  async function readOne(account: string): Promise<void> {
    const deadline = createDeadline(BUDGET_MS);
    const call: RemoteCall = { deadline, requestId: newId(), priority: "backfill" };
    const readAt = now();
    try {
      const groups = await lists.groups(call);
      const memberships = await lists.memberships(call);
      const fields = await lists.ticketFields(call);
      await storeDirectory(db, account, { groups, memberships, fields }, readAt);
    } finally {
      deadline.clear();
    }
  }

  async function readAll(): Promise<void> {
    for (const account of await accounts()) await readOne(account);
  }

  return {
    routes: createDirectoryRoutes(db),
    workers: [worker(READ_DIRECTORIES, readAll)],
    readAll,
  };
}
