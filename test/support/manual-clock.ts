/** Time that tests move by hand. */

export interface ManualClock {
  now(): Date;
  /** Moves the clock forward. */
  advance(milliseconds: number): void;
}

/** A clock that stands still until it is moved. */
export function createManualClock(start: Date): ManualClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    advance(milliseconds) {
      at += milliseconds;
    },
  };
}
