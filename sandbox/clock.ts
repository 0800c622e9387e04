/** Time for the stand-ins: a clock that tests move by hand, and the two ways in which platforms write time. */

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

/** `2025-03-03T08:15:00Z`: Zendesk's second precision. */
export function toSecondPrecision(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `2025-03-03T08:15:00.000+0000`: how Salesforce writes a dateTime. */
export function toSalesforceTime(time: Date): string {
  return `${time.toISOString().slice(0, 23)}+0000`;
}

/** Whole seconds since 1970. */
export function toUnixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
