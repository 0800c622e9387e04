/** Reads a stored conversation again after its ticket's events: one reading for all that come within a moment. */
import { readInstant } from "#contract/instant";
import type { Queue } from "#platform/jobs/queue";
import type { Metrics } from "#platform/metrics/metrics";
import type { CaptureJob } from "./capture-conversation.ts";
import { finishCapture, type FinishCaptureDeps } from "./finish-capture.ts";

export interface RefreshJob extends CaptureJob {
  /** Of the first event that wanted it. */
  readonly occurredAt: string;
}

export const REFRESH_CONVERSATION: Queue<RefreshJob> = {
  name: "refresh-conversation",
  timeoutSeconds: 120,
  retries: 20,
  concurrency: 4,
  sharedBy: ({ account, ticketId }) => JSON.stringify([account, ticketId]),
};

/** Events of one burst come within it. */
export const BURST_SECONDS = 1;

interface RefreshDeps extends FinishCaptureDeps {
  readonly metrics: Pick<Metrics, "observeLag">;
}

/** As `finishCapture`. An event that comes while it reads has a job of its own, so the last state is never missed. */
export async function refreshConversation(deps: RefreshDeps, job: RefreshJob): Promise<void> {
  await finishCapture(deps, job, { priority: "flow", isRefresh: true });
  const occurredAt = readInstant(job.occurredAt);
  if (!occurredAt) return;
  const lagMs = deps.now().getTime() - occurredAt.getTime();
  deps.metrics.observeLag("record-ticket-event", lagMs / 1_000);
}
