/** How instants are written: `2013-05-20T20:49:32.000+0000`, UTC, whole seconds. */
import { toSalesforceTime } from "../clock.ts";

const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/**
 * An instant as the REST API writes it. Milliseconds are cut: stamps are one second apart in
 * practice (observed by third parties). Two such texts compare like the instants they name.
 */
export function formatDatetime(instant: Date): string {
  return toSalesforceTime(new Date(Math.floor(instant.getTime() / 1000) * 1000));
}

/** Reads an ISO 8601 instant with `Z`, `+hh:mm` or `+hhmm`; `undefined` when it is none. */
export function parseDatetime(text: string): Date | undefined {
  if (!DATETIME.test(text)) return undefined;
  const instant = new Date(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** True for a day of the calendar written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
