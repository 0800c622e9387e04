/** Conversations for quality review: captured, merged, and with who worked on them. */
import type { Kysely, Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import { worker, type Jobs } from "#platform/jobs/queue";
import type { Log } from "#platform/log";
import type { Metrics } from "#platform/metrics/metrics";
import type { ActionHandlers } from "#platform/http/handlers";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import { createRecordAssignment } from "./assignments.ts";
import { FINISH_CAPTURE, prepareCapture, type CaptureJob } from "./capture-conversation.ts";
import type { ConversationAgents } from "./conversation-agents.ts";
import {
  createStoreConversation,
  derive,
  deriveAgain,
  type Derived,
} from "./store-conversation.ts";
import { finishCapture } from "./finish-capture.ts";
import { createTicketEvents } from "./record-ticket-event.ts";
import {
  BURST_SECONDS,
  REFRESH_CONVERSATION,
  refreshConversation,
} from "./refresh-conversation.ts";
import { recordDeletion, type ForgetTicket } from "./record-deletion.ts";
import { recordSatisfaction } from "./record-satisfaction.ts";
import { mergeConversation } from "./merge.ts";
import { createNoteReading } from "./note-reading.ts";
import { READ_MESSAGES, readMessages, type ReadMessagesJob } from "./read-messages.ts";
import { storeHeaders, type Headers } from "./store-headers.ts";
import { createRules, wantingStored, type SettingsOf } from "./wanted-capture.ts";
import { countWanted, type WantedCounts } from "./wanted-messages.ts";
import type { Module } from "#platform/module";

export interface ConversationsOptions extends Derived {
  readonly db: Kysely<Database>;
  readonly zendesk: ZendeskReader;
  readonly jobs: Pick<Jobs, "enqueue">;
  readonly forgetTicket: ForgetTicket;
  readonly settingsOf: SettingsOf;
  readonly metrics: Pick<
    Metrics,
    "countSkippedRows" | "countUnreadableConversation" | "observeLag"
  >;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

type Actions = Pick<
  ActionHandlers,
  | "capture-conversation"
  | "record-assignment"
  | "merge-conversation"
  | "record-deletion"
  | "record-ticket-event"
  | "record-satisfaction"
>;

export interface ConversationsModule extends Module {
  readonly actions: Actions;
  /** Stores tickets as the export has them; their messages are read by a job, which `askForMessages` starts. */
  readonly storeHeaders: (
    trx: Transaction<Database>,
    account: string,
    headers: Headers,
  ) => Promise<void>;
  readonly askForMessages: (trx: Transaction<Database>, account: string) => Promise<void>;
  readonly countWanted: (account: string) => Promise<WantedCounts>;
}

export function createConversations(options: ConversationsOptions): ConversationsModule {
  const { db, zendesk, jobs, now, newId, log } = options;
  const store = createStoreConversation(options);
  const associate: ConversationAgents["associate"] = (trx, tickets) =>
    deriveAgain(options, trx, tickets);
  const noteReading = createNoteReading(options.metrics);
  const rules = createRules(options.settingsOf);
  const capture = {
    whyUnwanted: wantingStored(db, rules),
    zendesk,
    store,
    noteReading,
    now,
    forgetTicket: options.forgetTicket,
    enqueueCapture: (trx: Transaction<Database>, job: CaptureJob, afterSeconds?: number) =>
      jobs.enqueue(trx, FINISH_CAPTURE, job, afterSeconds),
  };
  const ticketEvents = createTicketEvents({
    enqueueRefresh: (trx, job) => jobs.enqueue(trx, REFRESH_CONVERSATION, job, BURST_SECONDS),
    associate,
    whyUnwanted: rules,
    now,
  });
  const finish = { db, zendesk, store, noteReading, now, log };
  const enqueueReading = (trx: Transaction<Database>, account: string, afterSeconds = 0) =>
    jobs.enqueue(trx, READ_MESSAGES, { account }, afterSeconds);

  async function readOn(job: ReadMessagesJob): Promise<void> {
    const goOnMs = await readMessages({ ...finish, newId }, job);
    if (goOnMs === undefined) return;
    await db
      .transaction()
      .execute((trx) => enqueueReading(trx, job.account, Math.ceil(goOnMs / 1_000)));
  }

  return {
    async storeHeaders(trx, account, headers) {
      await storeHeaders(trx, account, headers);
      await derive(options, trx, account, headers.tickets);
    },
    askForMessages: (trx, account) => enqueueReading(trx, account),
    countWanted: (account) => countWanted(db, account),
    actions: {
      "capture-conversation": (request, context) => prepareCapture(capture, request, context),
      "record-assignment": createRecordAssignment({ now, associate }),
      "merge-conversation": (request, context) =>
        mergeConversation({ now, associate }, request, context),
      "record-deletion": (request, context) => recordDeletion(capture, request, context),
      "record-ticket-event": (request, context) => ticketEvents.record(request, context),
      "record-satisfaction": (request, context) => recordSatisfaction(now, request, context),
    },
    workers: [
      worker(FINISH_CAPTURE, (job) => finishCapture(finish, job)),
      worker(REFRESH_CONVERSATION, (job) =>
        refreshConversation({ ...finish, metrics: options.metrics }, job),
      ),
      worker(READ_MESSAGES, readOn),
    ],
  };
}
