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
  return new LazyDeadline(budgetMs, monotonicMs);
}

/** What never goes out needs no timer. A class, because an object with a getter costs ten times as much to make. */
class LazyDeadline implements Deadline {
  readonly #budgetMs: number;
  readonly #monotonicMs: () => number;
  readonly #endsAt: number;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(budgetMs: number, monotonicMs: () => number) {
    this.#budgetMs = budgetMs;
    this.#monotonicMs = monotonicMs;
    this.#endsAt = monotonicMs() + budgetMs;
  }

  remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#monotonicMs());
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#start();
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  #start(): AbortController {
    const started = new AbortController();
    const end = () => started.abort(new Error(`the budget of ${this.#budgetMs} ms is spent`));
    const leftMs = this.remainingMs();
    // Before anything goes out: a timer would let a call through that nobody waits for.
    if (leftMs === 0) end();
    else this.#timer = setTimeout(end, leftMs).unref();
    return started;
  }
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
