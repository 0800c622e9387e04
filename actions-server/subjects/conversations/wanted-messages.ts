/** Conversations whose messages are still to be read: in which order, and what becomes of those that cannot be read. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { changedRow } from "./changed-row.ts";

/** A place in the order: those that an agent can be graded on first, then the newest. */
export interface WantedTicket {
  readonly ticketId: string;
  readonly wanted: number;
  readonly updatedAt: Date;
}

/** Values of `messages_wanted`, in the order of reading: an agent can be graded on the ticket; others; Zendesk refuses. */
export const GRADABLE = 1;
export const OTHER = 2;
const REFUSED = 3;

/** At most `count`, after a place in the order. */
export async function nextWanted(
  db: Kysely<Database>,
  account: string,
  { after, count }: { readonly after: WantedTicket | undefined; readonly count: number },
): Promise<WantedTicket[]> {
  const rows = await db
    .selectFrom("qa_conversations")
    .select(["ticket_id", "messages_wanted", "source_updated_at"])
    .where("account_id", "=", account)
    .where("messages_wanted", "<", REFUSED)
    .$if(after !== undefined, (query) =>
      query.where(({ eb, or, and }) =>
        or([
          eb("messages_wanted", ">", after?.wanted ?? 0),
          and([
            eb("messages_wanted", "=", after?.wanted ?? 0),
            eb("source_updated_at", "<", after?.updatedAt ?? new Date(0)),
          ]),
          and([
            eb("messages_wanted", "=", after?.wanted ?? 0),
            eb("source_updated_at", "=", after?.updatedAt ?? new Date(0)),
            eb("ticket_id", "<", after?.ticketId ?? ""),
          ]),
        ]),
      ),
    )
    .orderBy("messages_wanted")
    .orderBy("source_updated_at", "desc")
    .orderBy("ticket_id", "desc")
    .limit(count)
    .execute();
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    wanted: row.messages_wanted ?? REFUSED,
    updatedAt: row.source_updated_at,
  }));
}

/** They are not asked for again until the ticket is stored in a newer state. */
export async function giveUpWanted(
  db: Kysely<Database>,
  account: string,
  ticketIds: readonly string[],
): Promise<void> {
  if (ticketIds.length === 0) return;
  await db
    .updateTable("qa_conversations")
    .set({ messages_wanted: REFUSED })
    .where("account_id", "=", account)
    .where("ticket_id", "in", ticketIds)
    .where("messages_wanted", "is not", null)
    .execute();
}

/** The ticket is gone since the export named it: hidden, until an event or the export shows it again. */
export async function hideGone(
  db: Kysely<Database>,
  account: string,
  ticketId: string,
  now: Date,
): Promise<void> {
  await db
    .updateTable("qa_conversations")
    .set((row) => ({
      messages_wanted: null,
      deleted_at: row.fn.coalesce("deleted_at", row.val(now)),
      ...changedRow,
    }))
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .where("messages_wanted", "is not", null)
    .execute();
}

export interface WantedCounts {
  readonly left: number;
  readonly refused: number;
}

export async function countWanted(db: Kysely<Database>, account: string): Promise<WantedCounts> {
  const { left, refused } = await db
    .selectFrom("qa_conversations")
    .select((row) => [
      row.fn.countAll<string>().filterWhere("messages_wanted", "<", REFUSED).as("left"),
      row.fn.countAll<string>().filterWhere("messages_wanted", "=", REFUSED).as("refused"),
    ])
    .where("account_id", "=", account)
    .where("messages_wanted", "is not", null)
    .executeTakeFirstOrThrow();
  return { left: Number(left), refused: Number(refused) };
}
