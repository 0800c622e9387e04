/** How timestamps are compared: RFC 3339 instants, whatever their offset and number of fraction digits. */

/** An instant: whole seconds since 1970 and the digits of the fraction, without trailing zeros. */
interface Instant {
  readonly seconds: number;
  readonly fraction: string;
}

/** Upper-case T and Z, as the Amazon States Language wants; inferred for ZIS. */
const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** Negative, zero or positive as `left` is before, at or after `right`; undefined when one is not a timestamp. */
export function compareTimestamps(left: string, right: string): number | undefined {
  const a = parseInstant(left);
  const b = parseInstant(right);
  if (!a || !b) return undefined;
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -1 : 1;
}

/** True for a text that can be compared as a timestamp. */
export function isTimestamp(text: string): boolean {
  return parseInstant(text) !== undefined;
}

function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  // A day that the month does not have rolls over into the next month.
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0);
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * 60;
  return {
    seconds: date.getTime() / 1000 + (match[8] === "-" ? offset : -offset),
    fraction: (match[7] ?? "").replace(/0+$/, ""),
  };
}
