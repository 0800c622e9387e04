/** How long a caller still waits: made once at the edge, handed to everything that goes out. */

export interface Deadline {
  /** Milliseconds left, never below 0. */
  remainingMs(): number;
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  /** Frees the timer; safe to call twice. */
  clear(): void;
}

/** A deadline `budgetMs` from now, on the monotonic clock. */
export function createDeadline(
  budgetMs: number,
  monotonicMs: () => number = () => performance.now(),
): Deadline {
  const endsAt = monotonicMs() + budgetMs;
  const remainingMs = () => Math.max(0, endsAt - monotonicMs());
  let controller: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;
  // What never goes out needs no timer.
  const start = () => {
    const started = new AbortController();
    timer = setTimeout(() => {
      started.abort(new Error(`the budget of ${budgetMs} ms is spent`));
    }, remainingMs());
    timer.unref();
    return started;
  };
  return {
    remainingMs,
    get signal() {
      controller ??= start();
      return controller.signal;
    },
    clear: () => clearTimeout(timer),
  };
}

/** The task's outcome, or a rejection with `late` once it takes longer than `ms`. The task itself goes on unheard. */
export async function within<T>(ms: number, task: Promise<T>, late: () => Error): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(late()), ms);
  try {
    return await Promise.race([task, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
