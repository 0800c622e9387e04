/** Shares one look at something among all who ask within a second, so that asking in a loop costs nothing more. */

const SHARED_MS = 1_000;

/**
 * A look under way is shared, and its result, also a failure, is reused for a second after it ended. `clock`
 * only ever moves forward, in milliseconds.
 */
export function shareLook<T>(look: () => Promise<T>, clock: () => number): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let sharedUntil = 0;
  return () => {
    if (latest && clock() < sharedUntil) return latest;
    sharedUntil = Number.POSITIVE_INFINITY;
    latest = look().finally(() => {
      sharedUntil = clock() + SHARED_MS;
    });
    return latest;
  };
}
