/** The job behind request-link: finds the case, and asks Zendesk to link it. */
import type { ResolveCaseReply, ResolveCaseRequest } from "#contract/actions/resolve-case";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { Log } from "#platform/log";
import type { RemoteCall } from "#platform/outbound/send";
import type { CaseLinkRequestedEvent } from "#contract/webhooks";
import type { LinkJob } from "./request-link.ts";
import type { AmbiguousReply } from "./notify-agents.ts";

/** Starts the flow that links; see ../zis-webhooks. */
export interface CaseLinkWebhook {
  /** An event that is sent twice keeps its `event_id`. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE. */
  readonly post: (event: CaseLinkRequestedEvent, call: RemoteCall) => Promise<void>;
}

export interface ResolveAndLinkDeps {
  readonly resolve: (
    request: ResolveCaseRequest,
    context: RemoteCall & { readonly account: string },
  ) => Promise<ResolveCaseReply>;
  /** Undefined when the server was restarted without it. */
  readonly webhook: CaseLinkWebhook | undefined;
  /** For the case of several possible cases, because the flow that could have notified the agents has ended. */
  readonly notifyAgents: (reply: AmbiguousReply, job: LinkJob, call: RemoteCall) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Nobody waits for a job, so it may wait for a Retry-After of several minutes. */
const JOB_BUDGET_MS = 90_000;

/**
 * May run twice: the event that asks for the link keeps its id. Throws while a remote system pushes back, so that the
 * queue runs it again. Without a single case there is nothing to link; if there are several, the agents are notified.
 */
export async function resolveAndLink(
  { resolve, webhook, notifyAgents, now, log }: ResolveAndLinkDeps,
  job: LinkJob,
): Promise<void> {
  const { account, request, eventId, requestId } = job;
  if (!webhook) {
    throw new AppError("WEBHOOK_NOT_CONFIGURED", "a promised link waits for its inbound webhook");
  }
  const deadline = createDeadline(JOB_BUDGET_MS);
  const call: RemoteCall = { requestId, deadline, priority: "backfill" };
  try {
    const reply = await resolve(request, { account, ...call });
    const { ticket_id: ticketId, case_id: caseId, outcome } = reply;
    if (outcome === "ticket_not_found" && now().toISOString() < (job.freshUntil ?? "")) {
      // The queue tries again.
      throw new AppError("ZENDESK_UNAVAILABLE", `Zendesk does not show ticket ${ticketId} yet`);
    }
    if (reply.outcome === "ambiguous") await notifyAgents(reply, job, call);
    if (caseId === null) {
      log.info(
        { ticketId, requestId, outcome },
        "promised link dropped: not exactly one case was found",
      );
      return;
    }
    await webhook.post(
      { event_id: eventId, action: "link", ticket_id: ticketId, case_id: caseId },
      call,
    );
  } finally {
    deadline.clear();
  }
}
