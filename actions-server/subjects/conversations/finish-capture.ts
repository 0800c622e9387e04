/** The job behind a capture's answer `accepted`. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { Log } from "#platform/log";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import type { CaptureJob } from "./capture-conversation.ts";
import { upsertConversation } from "./conversation-store.ts";
import type { NoteReading } from "./note-reading.ts";

interface FinishCaptureDeps {
  readonly db: Kysely<Database>;
  readonly zendesk: ZendeskReader;
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
  { db, zendesk, noteReading, now, log }: FinishCaptureDeps,
  { account, ticketId, caseId, requestId }: CaptureJob,
): Promise<void> {
  const deadline = createDeadline(JOB_BUDGET_MS);
  const observedAt = now();
  try {
    const conversation = await zendesk.conversation(ticketId, {
      deadline,
      requestId,
      priority: "backfill",
    });
    if (!conversation) {
      log.info({ ticketId, requestId }, "promised capture dropped: the ticket is gone");
      return;
    }
    noteReading(conversation, { requestId, log });
    if (conversation.unreadable !== undefined) {
      throw new AppError("ZENDESK_REFUSED", `ticket ${ticketId}: ${conversation.unreadable}`);
    }
    const snapshot = { conversation, caseId, observedAt, capturedAt: now() };
    await db.transaction().execute((trx) => upsertConversation(trx, account, snapshot));
  } finally {
    deadline.clear();
  }
}
