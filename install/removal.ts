/** Removes many things: each is attempted, and each result is reported. */
import { toInstallError } from "./ask.ts";

export interface Removed {
  /** `failed` when anything could not be removed; the rest was attempted all the same. */
  readonly outcome: "done" | "already" | "failed";
  readonly message: string;
  readonly remedy: string | null;
  /** Each thing that was removed or installed, such as `job spec on_ticket_created`. */
  readonly did: readonly string[];
  readonly failed: readonly Failed[];
  /** What Zendesk or the server keeps, one sentence each. */
  readonly stays: readonly string[];
}

interface Failed {
  readonly what: string;
  readonly message: string;
  readonly remedy: string;
}

/** One thing to remove. */
export interface Task {
  readonly what: string;
  readonly remove: () => Promise<unknown>;
}

export interface Recorder {
  (tasks: readonly Task[]): Promise<void>;
  did(what: string): void;
  fail(failed: Failed): void;
}

/** Attempts everything even when something fails, and reports the result. */
export async function attemptAll(
  message: string,
  stays: readonly string[],
  work: (record: Recorder) => Promise<void>,
): Promise<Removed> {
  const did: string[] = [];
  const failed: Failed[] = [];
  const fail = (what: string, error: unknown) => {
    const { message, remedy } = toInstallError(error);
    failed.push({ what, message, remedy });
  };
  const attempt = async (tasks: readonly Task[]) => {
    for (const { what, remove } of tasks) {
      await remove().then(
        () => did.push(what),
        (error: unknown) => {
          fail(what, error);
        },
      );
    }
  };
  const record: Recorder = Object.assign(attempt, {
    did: (what: string) => void did.push(what),
    fail: (one: Failed) => void failed.push(one),
  });
  await work(record).catch((error: unknown) => {
    fail("the rest", error);
  });
  const [first] = failed;
  if (first) {
    const summary = `${failed.length} of ${failed.length + did.length} could not be done. ${first.message}`;
    return { outcome: "failed", message: summary, remedy: first.remedy, did, failed, stays };
  }
  const outcome = did.length === 0 ? "already" : "done";
  return { outcome, message, remedy: null, did, failed, stays };
}
