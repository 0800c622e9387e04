/**
 * When queued deliveries start: asynchronously, a limited number at a time, at least once. ZIS documents
 * queueing and at-least-once delivery (usually within seconds, minutes when busy); duplicates, delays,
 * disorder and busy periods on order are this emulator's means to show what flows must bear.
 */

/** How deliveries misbehave; by default they do not. Chances are from 0 to 1. */
export interface DeliveryOptions {
  /** Deliveries that run at the same time. Default 16. */
  readonly concurrency?: number;
  /** The chance of each delivery to be made once more, and of that one again. Must be below 1. */
  readonly duplicates?: number;
  /** The chance of each delivery to be overtaken by those after it, up to the next that is not. */
  readonly reorder?: number;
  /** How long a delivery waits before it may start, in milliseconds: fixed, or anything in between. */
  readonly delayMs?: number | { readonly least: number; readonly most: number };
  /** In every period of `everyMs` nothing starts for the first `lastMs`. */
  readonly busy?: { readonly everyMs: number; readonly lastMs: number };
}

export interface DeliveryQueue<T> {
  /** @param delayMs added to the delay that the options order. */
  add(delivery: T, delayMs: number): void;
  /** Deliveries that have not started. */
  queued(): number;
  running(): number;
  /** Resolves when nothing is queued or running; rejects after the time-out, if one is given. */
  idle(timeoutMs?: number): Promise<void>;
  /** Starts nothing more and waits for what runs. */
  close(): Promise<void>;
}

const DEFAULT_CONCURRENCY = 16;
const MOST_DUPLICATES = 10;
const LONGEST_OVERTAKING_MS = 200;

/**
 * A queue in front of `run`, which must not reject.
 *
 * @param random decides on disorder and delays; a seeded one makes them repeatable
 */
export function createDeliveryQueue<T>(
  options: DeliveryOptions,
  random: () => number,
  run: (delivery: T) => Promise<void>,
): DeliveryQueue<T> {
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const born = performance.now();
  const ready: T[] = [];
  const overtaken: T[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const waiters = new Set<() => void>();
  let delayed = 0;
  let closed = false;

  function after(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, milliseconds);
    timers.add(timer);
  }

  function busyForMs(): number {
    if (!options.busy) return 0;
    const { everyMs, lastMs } = options.busy;
    return Math.max(0, lastMs - ((performance.now() - born) % everyMs));
  }

  function arrive(delivery: T): void {
    if (options.reorder !== undefined && random() < options.reorder) {
      overtaken.push(delivery);
      // Nothing may come after it that it could let pass.
      after(LONGEST_OVERTAKING_MS, release);
      return;
    }
    ready.push(delivery);
    release();
  }

  function release(): void {
    ready.push(...overtaken.splice(0));
    pump();
  }

  const waiting = () => ready.length + overtaken.length + delayed;

  function pump(): void {
    if (closed) return;
    const busyMs = busyForMs();
    if (busyMs === 0) launchReady();
    else if (ready.length > 0) after(busyMs, pump);
    if (waiting() + running.size > 0) return;
    for (const resolve of waiters) resolve();
    waiters.clear();
  }

  function launchReady(): void {
    while (ready.length > 0 && running.size < concurrency) {
      const delivery = ready.shift();
      if (delivery !== undefined) launch(delivery);
    }
  }

  function launch(delivery: T): void {
    const ended = run(delivery).finally(() => {
      running.delete(ended);
      pump();
    });
    running.add(ended);
  }

  return {
    add(delivery, delayMs) {
      delayed += 1;
      after(delayMs + orderedDelayMs(options, random), () => {
        delayed -= 1;
        arrive(delivery);
      });
    },
    queued: waiting,
    running: () => running.size,
    idle(timeoutMs) {
      if (closed || waiting() + running.size === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const timer =
          timeoutMs === undefined
            ? undefined
            : setTimeout(() => {
                waiters.delete(done);
                reject(new Error(`deliveries are still queued or running after ${timeoutMs} ms`));
              }, timeoutMs);
        const done = () => {
          clearTimeout(timer);
          resolve();
        };
        waiters.add(done);
      });
    },
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
      for (const resolve of waiters) resolve();
      waiters.clear();
    },
  };
}

function orderedDelayMs({ delayMs = 0 }: DeliveryOptions, random: () => number): number {
  if (typeof delayMs === "number") return delayMs;
  return delayMs.least + random() * (delayMs.most - delayMs.least);
}

/** How many times one delivery is made. */
export function deliveryCount({ duplicates = 0 }: DeliveryOptions, random: () => number): number {
  for (let count = 1; count < MOST_DUPLICATES; count += 1) {
    if (duplicates === 0 || random() >= duplicates) return count;
  }
  return MOST_DUPLICATES;
}
