/** Whether the platforms let the server do its work: checked once, before it listens. */
import { createDeadline, type Deadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { Log } from "#platform/log";

interface PreflightDeps {
  /** Each fetches a token; one with too few scopes is refused. */
  readonly signIns: readonly ((deadline: Deadline) => Promise<unknown>)[];
  readonly log: Log;
}

/** A platform that is slow or unavailable does not stop the start. */
const BUDGET_MS = 3_000;

export class PreflightError extends Error {
  override readonly name = "PreflightError";

  constructor(problems: readonly string[]) {
    const lines = problems.map((line) => `  - ${line}`).join("\n");
    super(`the server would be refused where it works:\n${lines}`);
  }
}

/** Throws one PreflightError that lists every refusal, such as the scopes that a token lacks. */
export async function preflight({ signIns, log }: PreflightDeps): Promise<void> {
  const deadline = createDeadline(BUDGET_MS);
  try {
    const outcomes = await Promise.allSettled(signIns.map((signIn) => signIn(deadline)));
    const problems: string[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      const error: unknown = outcome.reason;
      if (!(error instanceof AppError)) throw error;
      if (error.retryable) log.warn({ reason: error.message }, "not checked before the start");
      else problems.push(error.message);
    }
    if (problems.length > 0) throw new PreflightError(problems);
  } finally {
    deadline.clear();
  }
}
