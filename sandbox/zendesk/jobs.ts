/**
 * Background jobs: a request queues one, it is done a little later, and for a day its state can be read.
 * Source: Zendesk API reference, "Job Statuses", and "Rate limits", "Job limit". Types and error words are inferred.
 */
import { createHash } from "node:crypto";
import { ZendeskRefusal } from "./errors.ts";

/** What came of a job: a row for each record, or one word for all of them. */
type JobResults = readonly object[] | { readonly success: boolean };

export interface Job {
  readonly id: string;
  readonly job_type: string;
  readonly status: "queued" | "working" | "failed" | "completed";
  /** All null until it is done. */
  readonly progress: number | null;
  readonly total: number | null;
  readonly results: JobResults | null;
  readonly message: string | null;
}

export interface Jobs {
  /**
   * Queues work on `total` records. The answer is the state at that moment, also when jobs take no time.
   * @throws ZendeskRefusal 429 TooManyJobs when thirty are queued or running
   */
  start(type: string, total: number, work: () => JobResults): Job;
  /** Does the work that is due; called before every request. */
  settle(): void;
  /** Undefined when unknown or older than a day. */
  get(id: string): Job | undefined;
  /** The last hundred: the unfinished first, then the latest. */
  list(): readonly Job[];
}

interface JobsOptions {
  readonly now: () => Date;
  readonly newId: () => string;
  /** How long a job takes; 0: it is done at once. */
  readonly seconds: () => number;
}

const MOST_UNFINISHED = 30;
const READABLE_MS = 86_400_000;
const LISTED = 100;

export function createJobs({ now, newId, seconds }: JobsOptions): Jobs {
  /** Oldest first. */
  const entries = new Map<string, { job: Job; readonly at: number; work?: () => JobResults }>();

  function finish(work: () => JobResults): Partial<Job> {
    try {
      const results = work();
      const message = `Completed at ${now().toISOString().slice(0, 19).replace("T", " ")} +0000`;
      return { status: "completed", results, message };
    } catch (error) {
      if (!(error instanceof ZendeskRefusal)) throw error;
      return { status: "failed", results: { success: false }, message: error.message };
    }
  }

  function settle(): void {
    const at = now().getTime();
    for (const [id, entry] of entries) {
      if (at - entry.at > READABLE_MS && !entry.work) entries.delete(id);
      const { work } = entry;
      if (!work) continue;
      const lasts = seconds() * 1_000;
      if (at >= entry.at + lasts) {
        delete entry.work;
        entry.job = { ...entry.job, ...finish(work), progress: entry.job.total };
      } else if (at >= entry.at + lasts / 2) {
        entry.job = { ...entry.job, status: "working", progress: 0 };
      }
    }
  }

  return {
    settle,
    start(type, total, work) {
      settle();
      const unfinished = [...entries].filter(([, entry]) => entry.work).map(([id]) => id);
      if (unfinished.length >= MOST_UNFINISHED) throw tooManyJobs(type, unfinished);
      const id = createHash("sha256").update(newId()).digest("hex").slice(0, 32);
      const job: Job = {
        id,
        job_type: type,
        status: "queued",
        progress: null,
        total,
        results: null,
        message: null,
      };
      entries.set(id, { job, at: now().getTime(), work });
      settle();
      return { ...job, total: null };
    },
    get(id) {
      settle();
      return entries.get(id)?.job;
    },
    list() {
      settle();
      const latest = [...entries.values()].toReversed().slice(0, LISTED);
      const [done, unfinished] = [true, false].map((isDone) =>
        latest.filter(({ work }) => (work === undefined) === isDone),
      );
      return [...(unfinished ?? []), ...(done ?? [])].map(({ job }) => job);
    },
  };
}

function tooManyJobs(type: string, current_job_ids: readonly string[]): ZendeskRefusal {
  return new ZendeskRefusal(
    429,
    {
      error: "TooManyJobs",
      description: `Too many ${type} jobs are currently queued or running. Try again later.`,
      current_job_ids,
    },
    { "zendesk-ratelimit-inflight-jobs": `total=${MOST_UNFINISHED}; remaining=0; resets=1` },
  );
}
