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
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new Error(`the budget of ${budgetMs} ms is spent`));
  }, budgetMs);
  timer.unref();
  return {
    remainingMs: () => Math.max(0, endsAt - monotonicMs()),
    signal: controller.signal,
    clear: () => clearTimeout(timer),
  };
}
