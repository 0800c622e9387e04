/** Reads instants of RFC 3339 as they are written: a date that does not exist is not moved to one that does. Pure. */

/** How far the clock of whoever sends an instant may be ahead of ours. */
const MOST_AHEAD_MS = 24 * 3_600_000;

/** What a date of four digits can name: what is beyond cannot be written for others, nor stored. Unix time. */
const EARLIEST_MS = Date.parse("0001-01-01T00:00:00Z");
export const LATEST_MS = Date.parse("9999-12-31T23:59:59.999Z");

const FORM =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

/** Undefined: the text is not an instant. `Date.parse` takes 30 February for 2 March, and 24:00 for the next day. */
export function readInstant(text: string): Date | undefined {
  const [, year = "", month = "", day = "", hour = ""] = FORM.exec(text) ?? [];
  const instant = new Date(text);
  // Day 0 of the next month is the last one of this month.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const isThere = year !== "" && Number(day) <= daysInMonth && Number(hour) < 24;
  const ms = instant.getTime();
  return isThere && ms >= EARLIEST_MS && ms <= LATEST_MS ? instant : undefined;
}

/** The formats of JSON Schema that our schemas use, for ajv. */
export const FORMATS = { "date-time": (text: string) => readInstant(text) !== undefined };

/** Whether the instant is more than a day after `now`. */
export function isFarAhead(instant: Date, now: Date): boolean {
  return instant.getTime() - now.getTime() > MOST_AHEAD_MS;
}
