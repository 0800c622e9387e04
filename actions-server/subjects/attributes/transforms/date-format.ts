/** Dates as a format of YYYY, MM, DD, HH, mm and ss writes them; every other character stands for itself. */
import type { LocalMs } from "./zoned-time.ts";

export interface DateFormat {
  /** Undefined: the text has another form, or there is no such date. */
  readonly read: (text: string) => LocalMs | undefined;
  readonly write: (localMs: LocalMs) => string;
}

const PLACES = {
  YYYY: { digits: 4, get: (date: Date) => date.getUTCFullYear() },
  MM: { digits: 2, get: (date: Date) => date.getUTCMonth() + 1 },
  DD: { digits: 2, get: (date: Date) => date.getUTCDate() },
  HH: { digits: 2, get: (date: Date) => date.getUTCHours() },
  mm: { digits: 2, get: (date: Date) => date.getUTCMinutes() },
  ss: { digits: 2, get: (date: Date) => date.getUTCSeconds() },
} as const;
type Place = keyof typeof PLACES;

const PARTS = /YYYY|MM|DD|HH|mm|ss|[^]/g;
const escape = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
const isPlace = (part: string): part is Place => Object.hasOwn(PLACES, part);

/** Undefined: a place stands twice, or there is none. */
export function openDateFormat(format: string): DateFormat | undefined {
  const parts = format.match(PARTS) ?? [];
  const places = parts.filter(isPlace);
  if (places.length === 0 || new Set(places).size < places.length) return undefined;
  const form = new RegExp(
    `^${parts.map((part) => (isPlace(part) ? `([0-9]{${PLACES[part].digits}})` : escape(part))).join("")}$`,
  );
  return {
    read(text) {
      const found = form.exec(text);
      if (!found) return undefined;
      const numbers = new Map(places.map((place, index) => [place, Number(found[index + 1])]));
      return toLocalMs((place, absent) => numbers.get(place) ?? absent);
    },
    write(localMs) {
      const date = new Date(localMs);
      const write = (place: Place) =>
        String(PLACES[place].get(date)).padStart(PLACES[place].digits, "0");
      return parts.map((part) => (isPlace(part) ? write(part) : part)).join("");
    },
  };
}

/** Whether the format names a whole day, so that an instant can be read from it. */
export function namesDay(format: string): boolean {
  return ["YYYY", "MM", "DD"].every((place) => format.includes(place));
}

/** Undefined: there is no such date, as 30 February. */
function toLocalMs(get: (place: Place, absent: number) => number): LocalMs | undefined {
  const [year, month, day] = [get("YYYY", 1970), get("MM", 1), get("DD", 1)];
  const [hour, minute, second] = [get("HH", 0), get("mm", 0), get("ss", 0)];
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  const date = new Date(midnight);
  const isThere =
    year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
  if (!isThere || hour > 23 || minute > 59 || second > 59) return undefined;
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000;
}
