/** What the clocks of a time zone show at an instant, and the instant at which they show something. */

/** The clocks' year to millisecond, as if they were UTC: Unix milliseconds. */
export type LocalMs = number;

export interface Zone {
  readonly toLocal: (instantMs: number) => LocalMs;
  /**
   * Where the clocks go back and show a time twice, its first instant. Where they go forward and leave it out, the instant that as
   * much later as they leave out (Temporal's "compatible").
   */
  readonly toInstant: (localMs: LocalMs) => number;
}

const DAY_MS = 24 * 3_600_000;

/** Undefined: there is no such zone in the IANA database of this runtime. */
export function openZone(name: string): Zone | undefined {
  const clock = openClock(name);
  if (!clock) return undefined;
  const toLocal = (instantMs: number): LocalMs => {
    const parts = new Map(clock.formatToParts(instantMs).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const years = parts.get("era") === "BC" ? 1 - part("year") : part("year");
    const midnight = new Date(0).setUTCFullYear(years, part("month") - 1, part("day"));
    const seconds = (part("hour") * 60 + part("minute")) * 60 + part("second");
    return midnight + seconds * 1_000 + (((instantMs % 1_000) + 1_000) % 1_000);
  };
  const offsetAt = (instantMs: number) => toLocal(instantMs) - instantMs;
  return {
    toLocal,
    toInstant(localMs) {
      const before = localMs - offsetAt(localMs - DAY_MS);
      const after = localMs - offsetAt(localMs + DAY_MS);
      const shown = [before, after].filter((instantMs) => toLocal(instantMs) === localMs);
      return shown.length === 0 ? before : Math.min(...shown);
    },
  };
}

function openClock(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return undefined;
  }
}
