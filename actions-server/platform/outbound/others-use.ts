/** What other people's programs took of a limit in its last windows, and so what to keep for them in the next. Pure. */

export interface OthersUse {
  /** Requests of a window; undefined: no recent window was watched to its end. */
  readonly held: number | undefined;
  /** Windows since they took so many. */
  readonly age: number;
}

/** What our own replies showed of one window that is over. */
export interface WatchedWindow {
  /** Requests that were not ours; of a window that was not watched to its end, as many as they seemed to come to. */
  readonly others: number;
  /** A call of ours late in the window saw it, so that little can have come after. */
  readonly watched: boolean;
}

export const UNKNOWN_USE: OthersUse = { held: undefined, age: 0 };
/** The most that others took is kept for them over so many quieter windows, then halves with each. */
export const HOLD_WINDOWS = 5;
/** After so many windows that nobody watched, what others do is unknown again. */
export const FORGET_WINDOWS = 10;
/** A call that was sent after this part of its window watches it to its end. */
export const WATCHED_FROM = 0.9;

/** Before this part of a window is over, what others took does not show how they go on. */
export const PROJECTED_FROM = 0.1;

/** What others come to in a window if they go on as in the part of it that is over. */
export function projected(taken: number, progress: number): number {
  return progress < PROJECTED_FROM ? taken : Math.ceil(taken / progress);
}

/** `redis-counters.ts` has the same rule in Lua. */
export function afterWindow(use: OthersUse, { others, watched }: WatchedWindow): OthersUse {
  const { held, age } = use;
  // Seen for a part only, they may have taken as many as ever.
  if (!watched)
    return others * 2 > (held ?? 0) ? { held: Math.max(held ?? 0, others), age: 0 } : use;
  if (held === undefined || others >= held) return { held: others, age: 0 };
  if (others * 2 > held) return { held: Math.ceil((held + others) / 2), age: 0 };
  const kept = age < HOLD_WINDOWS ? held : Math.max(others, Math.floor(held / 2));
  return { held: kept, age: age + 1 };
}
