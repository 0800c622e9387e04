/** Captures a ticket's conversation for quality review: read it now, or promise to. */
import type { Transaction } from "kysely";
import type {
  CaptureConversationReply,
  CaptureConversationRequest,
} from "#contract/actions/capture-conversation";
import type { Database } from "#platform/db/schema";
import { createDeadline, type Deadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { ActionContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import type { Queue } from "#platform/jobs/queue";
import { isFresh } from "#remotes/zendesk/fresh-event";
import type { Conversation, ZendeskReader } from "#remotes/zendesk/reader";
import type { StoreConversation } from "./store-conversation.ts";
import type { Snapshot } from "./conversation-store.ts";
import type { NoteReading } from "./note-reading.ts";
import type { WhyUnwanted } from "./wanted-capture.ts";

/** What finish-capture.ts needs to do later what could not be done now. JSON. */
export interface CaptureJob {
  readonly account: string;
  readonly ticketId: string;
  /** As in the request: absent and null differ. */
  readonly caseId?: string | null;
  /** Of the request that promised. */
  readonly requestId: string;
}

export const FINISH_CAPTURE: Queue<CaptureJob> = {
  name: "finish-capture",
  timeoutSeconds: 120,
  retries: 20,
  concurrency: 4,
};

interface CaptureDeps {
  readonly zendesk: ZendeskReader;
  readonly store: StoreConversation;
  /** Makes the job exist when, and only when, the transaction commits. Runs after `afterSeconds` (default 0). */
  readonly enqueueCapture: (
    trx: Transaction<Database>,
    job: CaptureJob,
    afterSeconds?: number,
  ) => Promise<void>;
  readonly noteReading: NoteReading;
  readonly whyUnwanted: WhyUnwanted;
  readonly now: () => Date;
}

type CaptureContext = Pick<
  ActionContext,
  "account" | "requestId" | "deadline" | "log" | "priority"
>;

/** Kept back from Zendesk, so that the promise can still be recorded inside the budget. */
const COMMIT_RESERVE_MS = 1_500;
/** Longer than Zendesk was seen to hide a new ticket. */
const NEW_TICKET_SECONDS = 60;

/**
 * Asks Zendesk, unless the settings do not want the conversation, and hands back what is to be stored with the record of the answer. When Zendesk is busy or down for
 * longer than the budget, or does not show the ticket of a fresh event yet, a job is stored instead. An answer that a new
 * scope may change is not recorded. Throws ZENDESK_REFUSED.
 */
export async function prepareCapture(
  deps: CaptureDeps,
  request: CaptureConversationRequest,
  context: CaptureContext,
): Promise<Work<CaptureConversationReply>> {
  const ticketId = String(request.ticket_id);
  if (request.on !== undefined) {
    const reason = await deps.whyUnwanted(context.account, request, request.on);
    if (reason !== null) return { answer: { outcome: "not_wanted", ticket_id: ticketId, reason } };
  }
  const observedAt = deps.now();
  const conversation = await readOrDefer(deps.zendesk, ticketId, context);
  if (conversation === "deferred") return promiseCapture(deps, ticketId, request, context);
  if (!conversation) {
    if (!isFresh(request.occurred_at, observedAt)) {
      return { answer: { outcome: "ticket_not_found", ticket_id: ticketId } };
    }
    context.log.info({ ticketId }, "ticket not there yet: capture deferred to a job");
    return promiseCapture(deps, ticketId, request, context, NEW_TICKET_SECONDS);
  }
  deps.noteReading(conversation, context);
  const { unreadable: reason } = conversation;
  if (reason !== undefined) {
    return {
      answer: { outcome: "conversation_unreadable", ticket_id: ticketId, reason },
      isFinal: false,
    };
  }
  return {
    answer: capturedReply(conversation, true),
    commit: async (trx) => {
      const snapshot: Snapshot = {
        conversation,
        caseId: request.case_id,
        observedAt,
        capturedAt: deps.now(),
      };
      const { outcome } = await deps.store(trx, context.account, snapshot);
      // Zendesk may still show for a moment what it has just deleted for good.
      if (outcome === "erased") return { outcome: "ticket_not_found", ticket_id: ticketId };
      return capturedReply(conversation, outcome === "stored");
    },
  };
}

async function readOrDefer(
  zendesk: ZendeskReader,
  ticketId: string,
  { deadline, requestId, log, priority }: CaptureContext,
): Promise<Conversation | undefined | "deferred"> {
  const readDeadline = endingEarlier(deadline, COMMIT_RESERVE_MS);
  try {
    return await zendesk.conversation(ticketId, { deadline: readDeadline, requestId, priority });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "ZENDESK_UNAVAILABLE") throw error;
    log.warn({ ticketId, reason: error.message }, "capture deferred to a job");
    return "deferred";
  } finally {
    readDeadline.clear();
  }
}

function endingEarlier(deadline: Deadline, reserveMs: number): Deadline {
  return createDeadline(Math.max(0, deadline.remainingMs() - reserveMs));
}

function promiseCapture(
  deps: CaptureDeps,
  ticketId: string,
  request: CaptureConversationRequest,
  { account, requestId }: CaptureContext,
  afterSeconds?: number,
): Work<CaptureConversationReply> {
  const caseId = request.case_id;
  const job: CaptureJob = {
    account,
    ticketId,
    requestId,
    ...(caseId === undefined ? {} : { caseId }),
  };
  return {
    answer: { outcome: "accepted", ticket_id: ticketId },
    commit: (trx) => deps.enqueueCapture(trx, job, afterSeconds),
  };
}

function capturedReply(conversation: Conversation, newest: boolean): CaptureConversationReply {
  return {
    outcome: "captured",
    ticket_id: conversation.ticket.id,
    messages: conversation.comments.length,
    skipped: conversation.skipped,
    participants: conversation.users.length,
    newest,
  };
}
