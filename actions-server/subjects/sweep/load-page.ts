/** Stores one page of a first load, without a call for any of its tickets. */
import type { Kysely, Transaction } from "kysely";
import { wantsConversation } from "#contract/settings/ticket-rules";
import type { Database } from "#platform/db/schema";
import type { ChangedPage } from "#remotes/zendesk/changed-tickets";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import { updateOwed } from "./owed-tickets.ts";
import type { Run } from "./sweep-batch.ts";
import { reportOn, savePlace } from "./sweep-store.ts";

/** What a first load has the conversations do. */
export interface HeaderStore {
  readonly storeHeaders: (
    trx: Transaction<Database>,
    account: string,
    headers: { readonly tickets: readonly TicketWithUsers[]; readonly observedAt: Date },
  ) => Promise<void>;
  /** Has the messages read of the conversations that were stored without them. */
  readonly askForMessages: (trx: Transaction<Database>, account: string) => Promise<void>;
}

interface LoadDeps {
  readonly db: Kysely<Database>;
  readonly conversations: HeaderStore;
  readonly now: () => Date;
}

/** The rows and the place in the export, in one transaction: after a crash the page is read again, and nothing changes. */
export async function loadPage(
  { db, conversations, now }: LoadDeps,
  { account, sweep, settings }: Run,
  {
    page,
    pageSize,
    observedAt,
  }: { readonly page: ChangedPage; readonly pageSize: number; readonly observedAt: Date },
): Promise<void> {
  const tickets = page.tickets.filter(
    ({ ticket }) => ticket.status === "deleted" || wantsConversation(settings, ticket, account),
  );
  await db.transaction().execute(async (trx) => {
    if (tickets.length > 0) {
      await conversations.storeHeaders(trx, account, { tickets, observedAt });
      await conversations.askForMessages(trx, account);
    }
    await savePlace(trx, account, sweep.id, {
      cursor: page.cursor,
      tickets: page.tickets.length,
      leftAlone: page.tickets.length - tickets.length,
      pageSize,
    });
    if (page.unreadable.length > 0) {
      const ids = page.unreadable.filter((id) => id !== undefined);
      const unfinished = new Set(ids);
      await updateOwed(trx, account, { sweepId: sweep.id, ids, unfinished, now: now() });
      const message = `${page.unreadable.length} tickets came in an unknown form; sweeps ask again for those that have an id`;
      await reportOn(trx, account, sweep.id, { message, now: now() });
    }
  });
}

/** Whether everything up to the window's end is read: rows come in the order of `generated_timestamp`. */
export function isPastWindow({ tickets }: ChangedPage, until: Date): boolean {
  const times = tickets.flatMap(({ ticket }) => ticket.generatedAt ?? []);
  return times.length > 0 && times.every((at) => at > until);
}
