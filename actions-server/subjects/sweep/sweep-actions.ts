/** Does what a sweep decides, by the operations that flows call and with the same idempotency records, at the lowest priority. */
import type { Static } from "typebox";
import type { CaptureConversationReply } from "#contract/actions/capture-conversation";
import { OPERATIONS } from "#contract/actions/operations";
import type { RequestLinkRequest } from "#contract/actions/request-link";
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import { createDeadline } from "#platform/deadline";
import type { ActionHandlers, WriteContext } from "#platform/http/handlers";
import { toFingerprint } from "#platform/idempotency/fingerprint";
import type { RunOnce } from "#platform/idempotency/run-once";
import type { Work } from "#platform/idempotency/work";
import type { Log } from "#platform/log";
import type { RemoteCall } from "#platform/outbound/send";
import { assignedAt } from "#remotes/zendesk/assigned-at";
import type { ZendeskClient } from "#remotes/zendesk/client";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import type { SeenLookUp } from "./repair-ticket.ts";
import type { SweepActions } from "./sweep-batch.ts";

/** What a sweep has other subjects do. */
interface SweptSubjects {
  readonly actions: Pick<ActionHandlers, WriteName>;
  readonly cases: {
    readonly lookUp: (
      account: string,
      found: TicketWithUsers,
      request: RequestLinkRequest,
      call: RemoteCall,
    ) => Promise<ResolveCaseReply>;
    readonly remember: (account: string, lookUp: SeenLookUp) => Promise<void>;
    readonly askForLink: (
      account: string,
      link: { readonly key: string; readonly ticketId: string; readonly caseId: string },
      call: RemoteCall,
    ) => Promise<void>;
  };
}

export interface SweepActionOptions extends SweptSubjects {
  readonly client: ZendeskClient;
  readonly runOnce: RunOnce;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

/** Nobody waits for a sweep's call, so it may wait for a Retry-After. */
const CALL_BUDGET_MS = 90_000;

type WriteName = "capture-conversation" | "record-assignment" | "record-deletion" | "request-link";
type Request<Name extends WriteName> = Static<(typeof OPERATIONS)[Name]["request"]>;

export function createSweepActions(options: SweepActionOptions, account: string): SweepActions {
  const { actions, cases, client, runOnce, now, newId, log } = options;

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
    body: Request<Name>,
  ): Promise<unknown> {
    const { identity, ttlSeconds, budgetMs } = OPERATIONS[name];
    // The table of handlers ties the body to its operation.
    const handle = actions[name] as (
      body: Request<Name>,
      context: WriteContext,
    ) => Promise<Work<unknown>>;
    const deadline = createDeadline(budgetMs);
    try {
      const context: WriteContext = {
        account,
        requestId: newId(),
        deadline,
        log,
        idempotencyKey: key,
        priority: "backfill",
      };
      const print = toFingerprint(body, identity);
      const request = { account, operation: name, key, identity: print, ttlSeconds, deadline };
      const { body: answer } = await runOnce(request, () => handle(body, context));
      return JSON.parse(answer);
    } finally {
      deadline.clear();
    }
  }

  return {
    now,
    lookUp: (found, request) => within((call) => cases.lookUp(account, found, request, call)),
    remember: (lookUp) => cases.remember(account, lookUp),
    askForLink: (link) => within((call) => cases.askForLink(account, link, call)),
    promiseLink: async (key, request) => void (await once("request-link", key, request)),
    capture: async (key, request) =>
      (await once("capture-conversation", key, request)) as CaptureConversationReply,
    record: async (key, request) => void (await once("record-assignment", key, request)),
    recordDeletion: async (key, request) => void (await once("record-deletion", key, request)),
    assignedAt: (ticketId) => within((call) => assignedAt(client, ticketId, call)),
  };
}
