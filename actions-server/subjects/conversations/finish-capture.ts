/** The job behind a capture's answer `accepted`. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { Log } from "#platform/log";
import type { Priority } from "#platform/outbound/budget";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import type { CaptureJob } from "./capture-conversation.ts";
import type { Snapshot } from "./conversation-store.ts";
import type { StoreConversation } from "./store-conversation.ts";
import type { NoteReading } from "./note-reading.ts";

export interface FinishCaptureDeps {
  readonly db: Kysely<Database>;
  readonly zendesk: ZendeskReader;
  readonly store: StoreConversation;
  readonly noteReading: NoteReading;
  readonly now: () => Date;
  readonly log: Log;
}

/** Nobody waits for a job, so it may sit out a Retry-After of Zendesk's rate limit, which counts by the minute. */
const JOB_BUDGET_MS = 90_000;

/**
 * Reads the conversation and stores it in one transaction. May run twice: storing a state again changes nothing but
 * the count of captures. Throws while Zendesk pushes back, so that the queue runs it again, and for a conversation that
 * cannot be read, so that it ends among the dead letters and can be put back. A ticket that is gone leaves nothing to store.
 */
export async function finishCapture(
  { db, zendesk, store, noteReading, now, log }: FinishCaptureDeps,
  { account, ticketId, caseId, requestId }: CaptureJob,
  { priority, isRefresh }: { readonly priority: Priority; readonly isRefresh?: true } = {
    priority: "backfill",
  },
): Promise<void> {
  const deadline = createDeadline(JOB_BUDGET_MS);
  const observedAt = await startOfReading(db, account, ticketId, now());
  try {
    const conversation = await zendesk.conversation(ticketId, {
      deadline,
      requestId,
      priority,
    });
    if (!conversation) {
      log.info({ ticketId, requestId }, "promised capture dropped: the ticket is gone");
      return;
    }
    noteReading(conversation, { requestId, log });
    if (conversation.unreadable !== undefined) {
      throw new AppError("ZENDESK_REFUSED", `ticket ${ticketId}: ${conversation.unreadable}`);
    }
    const snapshot: Snapshot = {
      conversation,
      caseId,
      observedAt,
      capturedAt: now(),
      ...(isRefresh && { isRefresh }),
    };
    await db.transaction().execute((trx) => store(trx, account, snapshot));
  } finally {
    deadline.clear();
  }
}

/**
 * What is read from now on is later than what is stored, also when the clock of the server that stored it is ahead of
 * ours: a redaction may move nothing else by which the two could be told apart.
 */
async function startOfReading(
  db: Kysely<Database>,
  account: string,
  ticketId: string,
  now: Date,
): Promise<Date> {
  const row = await db
    .selectFrom("qa_conversations")
    .select("observed_at")
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();
  return row && row.observed_at > now ? row.observed_at : now;
}
