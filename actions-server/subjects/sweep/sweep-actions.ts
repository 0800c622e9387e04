/** Does what a sweep decides, by the operations that flows call and under the same records, with the least urgent budget. */
import type { Kysely, Transaction } from "kysely";
import type { Static } from "typebox";
import type { InboundWebhooks } from "../zis-webhooks/inbound-webhooks.ts";
import type { CaptureConversationReply } from "#contract/actions/capture-conversation";
import { OPERATIONS } from "#contract/actions/operations";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { Log } from "#platform/log";
import type { WriteContext } from "#platform/http/handlers";
import { toFingerprint } from "#platform/idempotency/fingerprint";
import type { RunOnce } from "#platform/idempotency/run-once";
import type { Work } from "#platform/idempotency/work";
import { requestLink, type LinkJob } from "../cases/request-link.ts";
import type { RemoteCall } from "#platform/outbound/send";
import { recordAssignment } from "../conversations/assignments.ts";
import { prepareCapture, type CaptureJob } from "../conversations/capture-conversation.ts";
import type { NoteReading } from "../conversations/note-reading.ts";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import { resolveFound } from "../cases/resolve-found.ts";
import type { ZendeskClient } from "#remotes/zendesk/client";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import { assignedAt } from "#remotes/zendesk/assigned-at";
import { rememberLookUp } from "../cases/case-lookups.ts";
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
