/** Does what a sweep decides, by the operations that flows call and under the same records, with the least urgent budget. */
import type { Kysely, Transaction } from "kysely";
import type { Static } from "typebox";
import type { InboundWebhooks } from "../admin/inbound-webhooks.ts";
import type { CaptureConversationReply } from "../contract/capture-conversation.ts";
import { OPERATIONS } from "../contract/operations.ts";
import type { Database } from "../db/schema.ts";
import { createDeadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import type { Log, WriteContext } from "../handlers.ts";
import { toFingerprint } from "../idempotency/fingerprint.ts";
import type { RunOnce } from "../idempotency/run-once.ts";
import type { Work } from "../idempotency/work.ts";
import { requestLink, type LinkJob } from "../links/request-link.ts";
import type { RemoteCall } from "../outbound/send.ts";
import { recordAssignment } from "../qa/assignments.ts";
import { prepareCapture, type CaptureJob } from "../qa/capture-conversation.ts";
import type { NoteReading } from "../qa/note-reading.ts";
import type { CaseFinder } from "../salesforce/case-finder.ts";
import { resolveFound } from "../salesforce/resolve-found.ts";
import type { ZendeskClient } from "../zendesk/client.ts";
import type { ZendeskReader } from "../zendesk/reader.ts";
import { assignedAt } from "./assigned-at.ts";
import { rememberLookUp } from "./case-lookups.ts";
import type { SweepActions } from "./sweep-batch.ts";

export interface SweepActionOptions {
  readonly db: Kysely<Database>;
  readonly client: ZendeskClient;
  readonly zendesk: ZendeskReader;
  readonly cases: CaseFinder;
  readonly webhooks: Pick<InboundWebhooks, "caseLink">;
  readonly runOnce: RunOnce;
  readonly enqueue: {
    readonly link: (trx: Transaction<Database>, job: LinkJob) => Promise<void>;
    readonly capture: (
      trx: Transaction<Database>,
      job: CaptureJob,
      afterSeconds?: number,
    ) => Promise<void>;
  };
  readonly noteReading: NoteReading;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

/** Nobody waits for a sweep's call, so it may sit out a Retry-After. */
const CALL_BUDGET_MS = 90_000;

type WriteName = "capture-conversation" | "record-assignment" | "request-link";

/** For one account. */
export function createSweepActions(options: SweepActionOptions, account: string): SweepActions {
  const { db, client, cases, webhooks, runOnce, enqueue, noteReading, now, newId, log } = options;
  const zendesk = atBackfill(options.zendesk);

  async function within<T>(work: (call: RemoteCall) => Promise<T>): Promise<T> {
    const deadline = createDeadline(CALL_BUDGET_MS);
    try {
      return await work({ deadline, requestId: newId(), priority: "backfill" });
    } finally {
      deadline.clear();
    }
  }

  /** As the operation's route does it, under the same kind of record. */
  async function once<Name extends WriteName>(
    name: Name,
    key: string,
    body: Static<(typeof OPERATIONS)[Name]["request"]>,
    handle: (context: WriteContext) => Promise<Work<unknown>>,
  ): Promise<unknown> {
    const { identity, ttlSeconds, budgetMs } = OPERATIONS[name];
    const deadline = createDeadline(budgetMs);
    try {
      const context = { account, requestId: newId(), deadline, log, idempotencyKey: key };
      const print = toFingerprint(body, identity);
      const request = { account, operation: name, key, identity: print, ttlSeconds, deadline };
      const { body: answer } = await runOnce(request, () => handle(context));
      return JSON.parse(answer);
    } finally {
      deadline.clear();
    }
  }

  return {
    now,
    lookUp: async (found, request) => {
      // The export has the ticket already.
      const look = (call: RemoteCall) => resolveFound(cases, found, request, { account, ...call });
      return (await within(look)).reply;
    },
    remember: (lookUp) => rememberLookUp(db, account, lookUp),
    async askForLink({ eventId, ticketId, caseId }) {
      const webhook = await webhooks.caseLink(account);
      if (!webhook) {
        throw new AppError(
          "WEBHOOK_NOT_CONFIGURED",
          "the webhook case_link_requested is not known",
        );
      }
      const event = {
        event_id: eventId,
        action: "link",
        ticket_id: ticketId,
        case_id: caseId,
      } as const;
      await within((call) => webhook.post(event, call));
    },
    async promiseLink(key, request) {
      const canAskForLinks = (await webhooks.caseLink(account)) !== undefined;
      const deps = { canAskForLinks, enqueueLink: enqueue.link, now };
      await once("request-link", key, request, (context) => requestLink(deps, request, context));
    },
    async capture(key, request) {
      const deps = { zendesk, noteReading, now, enqueueCapture: enqueue.capture };
      const answer = await once("capture-conversation", key, request, (context) =>
        prepareCapture(deps, request, context),
      );
      return answer as CaptureConversationReply;
    },
    async record(key, request) {
      await once("record-assignment", key, request, (context) =>
        recordAssignment({ now }, request, context),
      );
    },
    assignedAt: (ticketId) => within((call) => assignedAt(client, ticketId, call)),
  };
}

/** The same reader, with the least urgent part of the budget. */
function atBackfill(reader: ZendeskReader): ZendeskReader {
  return {
    ticket: (id, call) => reader.ticket(id, { ...call, priority: "backfill" }),
    conversation: (id, call) => reader.conversation(id, { ...call, priority: "backfill" }),
  };
}
