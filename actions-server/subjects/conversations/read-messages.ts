/** Reads the messages of conversations that were stored without them, the ones that matter most first. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { withSessionLock } from "#platform/db/session-lock";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import { RETRIES_OF_A_DAY, type Queue } from "#platform/jobs/queue";
import type { Log } from "#platform/log";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import type { NoteReading } from "./note-reading.ts";
import type { StoreConversation } from "./store-conversation.ts";
import { giveUpWanted, hideGone, nextWanted, type WantedTicket } from "./wanted-messages.ts";

export interface ReadMessagesJob {
  readonly account: string;
}

export const READ_MESSAGES: Queue<ReadMessagesJob> = {
  name: "read-messages",
  timeoutSeconds: 1_200,
  retries: RETRIES_OF_A_DAY,
  concurrency: 1,
};

export interface ReadMessagesDeps {
  readonly db: Kysely<Database>;
  readonly zendesk: Pick<ZendeskReader, "conversation">;
  readonly store: StoreConversation;
  readonly noteReading: NoteReading;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

/** A run ends after this time and another goes on: a job that takes longer would count as dead. */
const RUN_MS = 5 * 60_000;
/** Tickets that are read at the same time: enough to use up the requests of a minute. */
const AT_ONCE = 4;
const PAGE = 200;
/** Nobody waits, so a call may sit out a Retry-After of Zendesk's rate limit, which counts by the minute. */
const CALL_BUDGET_MS = 90_000;
/** So many in a row are no fault of the tickets: the credential or the account is refused. */
const REFUSED_IN_A_ROW = 20;
/** Zendesk answered with a state that is older than the export's; a minute later it no longer does. */
const BEHIND_MS = 60_000;

/**
 * Milliseconds after which another run has to go on; undefined: all are read, or another process reads them. Throws what
 * a retry may help.
 */
export async function readMessages(
  deps: ReadMessagesDeps,
  { account }: ReadMessagesJob,
): Promise<number | undefined> {
  const lock = { name: `read-messages:${account}`, log: deps.log };
  const locked = await withSessionLock(deps.db, lock, () => readAll(deps, account));
  return locked.kind === "held" ? undefined : locked.value;
}

async function readAll(deps: ReadMessagesDeps, account: string): Promise<number | undefined> {
  const { db, now } = deps;
  const endMs = now().getTime() + RUN_MS;
  const run = createRun(deps, account);
  let after: WantedTicket | undefined;
  for (;;) {
    const wanted = await nextWanted(db, account, { after, count: PAGE });
    if (wanted.length === 0) return run.isAnyBehind() ? BEHIND_MS : undefined;
    after = wanted.at(-1);
    const left = wanted.values();
    const readOn = async () => {
      for (const { ticketId } of left) {
        if (now().getTime() > endMs || run.failure() !== undefined) return;
        await run.read(ticketId);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readOn));
    const failure = run.failure();
    if (failure !== undefined) throw failure;
    if (now().getTime() > endMs) return 0;
  }
}

function createRun(deps: ReadMessagesDeps, account: string) {
  const { db, log, now } = deps;
  let failure: unknown;
  let isBehind = false;
  /** Refused ones are given up only when another ticket is not refused: else it is not for their own sake. */
  let refused: string[] = [];

  async function settle(): Promise<void> {
    const ids = refused;
    refused = [];
    await giveUpWanted(db, account, ids);
  }

  async function readOne(ticketId: string): Promise<void> {
    const outcome = await capture(deps, account, ticketId);
    if (outcome === "gone") await hideGone(db, account, ticketId, now());
    else if (outcome === "unreadable") await giveUpWanted(db, account, [ticketId]);
    else if (outcome === "older") isBehind = true;
    await settle();
  }

  return {
    failure: () => failure,
    isAnyBehind: () => isBehind,
    /** Never rejects: the first failure that is not the ticket's own ends the run. */
    async read(ticketId: string): Promise<void> {
      try {
        await readOne(ticketId);
      } catch (error) {
        if (!(error instanceof AppError) || error.retryable) failure ??= error;
        else {
          log.warn({ ticketId, reason: error.message }, "messages could not be read");
          refused.push(ticketId);
          if (refused.length >= REFUSED_IN_A_ROW) failure ??= error;
        }
      }
    },
  };
}

async function capture(
  { db, zendesk, store, noteReading, now, newId, log }: ReadMessagesDeps,
  account: string,
  ticketId: string,
): Promise<"stored" | "older" | "erased" | "gone" | "unreadable"> {
  const deadline = createDeadline(CALL_BUDGET_MS);
  const requestId = newId();
  const observedAt = now();
  try {
    const conversation = await zendesk.conversation(ticketId, {
      deadline,
      requestId,
      priority: "backfill",
    });
    if (!conversation) return "gone";
    noteReading(conversation, { requestId, log });
    if (conversation.unreadable !== undefined) return "unreadable";
    const snapshot = { conversation, caseId: undefined, observedAt, capturedAt: now() };
    const { outcome } = await db.transaction().execute((trx) => store(trx, account, snapshot));
    return outcome;
  } finally {
    deadline.clear();
  }
}
