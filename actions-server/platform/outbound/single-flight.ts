/** One run at a time for all who ask; each waits no longer than its own deadline. */
import type { Deadline } from "../deadline.ts";

/**
 * The run outlives a caller whose deadline ends, because others may wait for it.
 * `late` makes the error of a caller that stops waiting.
 */
export function createSingleFlight<T>(
  run: () => Promise<T>,
  late: () => Error,
): (deadline: Deadline) => Promise<T> {
  let flight: Promise<T> | undefined;

  return (deadline) => {
    flight ??= run().finally(() => {
      flight = undefined;
    });
    return waitWithin(flight, deadline, late);
  };
}

function waitWithin<T>(promise: Promise<T>, deadline: Deadline, late: () => Error): Promise<T> {
  const { signal } = deadline;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(late());
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
