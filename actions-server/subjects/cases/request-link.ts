/** Promises to find a ticket's case later, and to have the ticket linked then. */
import { createHash } from "node:crypto";
import type { Transaction } from "kysely";
import type { RequestLinkReply, RequestLinkRequest } from "#contract/actions/request-link";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { WriteContext } from "#platform/http/handlers";
import { RETRIES_OF_A_DAY, type Queue } from "#platform/jobs/queue";
import type { Work } from "#platform/idempotency/work";
import { FRESH_MS } from "#remotes/zendesk/fresh-event";

/** What resolve-and-link.ts needs to keep the promise. JSON. */
export interface LinkJob {
  readonly account: string;
  readonly request: RequestLinkRequest;
  /** The id of the event that asks Zendesk for the link; the same each time the job runs. */
  readonly eventId: string;
  /** The id of the request that made the promise. */
  readonly requestId: string;
  /** The Idempotency-Key of the promise; absent in jobs of older servers. */
  readonly key?: string;
  /** Until then, a missing ticket may just be too new. ISO 8601; absent in jobs of older servers. */
  readonly freshUntil?: string;
}

export const RESOLVE_AND_LINK: Queue<LinkJob> = {
  name: "resolve-and-link",
  timeoutSeconds: 120,
  retries: RETRIES_OF_A_DAY,
  concurrency: 4,
};

interface RequestLinkDeps {
  /** False: there is no way to ask for the link, so nothing is promised. */
  readonly canAskForLinks: boolean;
  /** Makes the job exist when, and only when, the transaction commits. */
  readonly enqueueLink: (trx: Transaction<Database>, job: LinkJob) => Promise<void>;
  readonly now: () => Date;
}

type RequestLinkContext = Pick<WriteContext, "account" | "requestId" | "idempotencyKey">;

/** Calls no remote system. Throws WEBHOOK_NOT_CONFIGURED. */
export async function requestLink(
  { canAskForLinks, enqueueLink, now }: RequestLinkDeps,
  request: RequestLinkRequest,
  { account, requestId, idempotencyKey }: RequestLinkContext,
): Promise<Work<RequestLinkReply>> {
  if (!canAskForLinks) {
    throw new AppError(
      "WEBHOOK_NOT_CONFIGURED",
      "the server knows no inbound webhook by which it could ask for the link",
    );
  }
  const eventId = linkEventId(account, idempotencyKey);
  const freshUntil = new Date(now().getTime() + FRESH_MS).toISOString();
  const job: LinkJob = { account, request, eventId, requestId, key: idempotencyKey, freshUntil };
  return {
    answer: { outcome: "accepted", ticket_id: String(request.ticket_id) },
    commit: (trx) => enqueueLink(trx, job),
  };
}

/** Derived from what identifies the request, so that a repeated request or job asks for the same link. */
export function linkEventId(account: string, key: string): string {
  const identity = JSON.stringify([account, "request-link", key]);
  return `link-${createHash("sha256").update(identity).digest("hex").slice(0, 32)}`;
}
