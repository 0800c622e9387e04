/** Which span of time a date literal names (TODAY, LAST_N_DAYS:30); the user's zone is UTC here. */

export interface Span {
  readonly start: Date;
  /** First instant after the span. */
  readonly end: Date;
}

function day(year: number, month: number, date: number): Date {
  return new Date(Date.UTC(year, month, date));
}

/**
 * The span that a literal of the parser names at `now`. SOQL reference, "Date Formats and Date
 * Literals": weeks start on Sunday (locale en_US); LAST_N_DAYS reaches from midnight n days ago to
 * the end of today, NEXT_N_DAYS from tomorrow.
 */
export function spanOf(literal: string, now: Date): Span {
  const [name = "", count = "90"] = literal.replace("_90_", "_N_").split(":");
  const n = Number(count);
  const y = now.getUTCFullYear();
  const m = now.getUTCMonth();
  const d = now.getUTCDate();
  const days = (from: number, to: number): Span => ({
    start: day(y, m, d + from),
    end: day(y, m, d + to),
  });
  const step = name.startsWith("LAST_") ? -1 : Number(name.startsWith("NEXT_"));
  switch (name.replace(/^(?:LAST|THIS|NEXT)_/, "")) {
    case "YESTERDAY":
      return days(-1, 0);
    case "TODAY":
      return days(0, 1);
    case "TOMORROW":
      return days(1, 2);
    case "N_DAYS_AGO":
      return days(-n, 1 - n);
    case "N_DAYS":
      return step < 0 ? days(-n, 1) : days(1, n + 1);
    case "WEEK": {
      const sunday = 7 * step - now.getUTCDay();
      return days(sunday, sunday + 7);
    }
    case "MONTH":
      return { start: day(y, m + step, 1), end: day(y, m + step + 1, 1) };
    case "YEAR":
      return { start: day(y + step, 0, 1), end: day(y + step + 1, 0, 1) };
    default:
      throw new RangeError(`no date literal ${literal}`);
  }
}
