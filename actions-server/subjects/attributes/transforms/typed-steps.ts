/** Steps whose value is a number, an instant or yes and no. */
import { readInstant } from "#contract/instant";
import type { StepOf } from "#contract/attributes/steps";
import { namesDay, openDateFormat } from "./date-format.ts";
import { readNumber, roundTo } from "./numbers.ts";
import { ready, refused, type OpenedStep } from "./step.ts";
import { each, failed, toText, valued, type Outcome, type Scalar } from "./value.ts";
import { openZone, type Zone } from "./zoned-time.ts";

export function openScale(step: StepOf<"scale">): OpenedStep {
  const { multiply = 1, add = 0, decimals, decimal_mark: mark = "." } = step;
  return ready((value) =>
    each(value, (item) => {
      const read = readNumber(item, mark);
      if (read.kind === "problem") return read;
      const scaled = read.value * multiply + add;
      if (!Number.isFinite(scaled)) return failed("inexact_number");
      return valued(decimals === undefined ? scaled : roundTo(scaled, decimals));
    }),
  );
}

/** What is a yes or no already stays one, unless its word is mapped too. */
export function openBoolean(step: StepOf<"boolean">): OpenedStep {
  const words = (list: readonly string[]) => new Set(list.map(fold));
  const [yes, no] = [words(step.true), words(step.false)];
  const both = [...yes].find((word) => no.has(word));
  if (both !== undefined) return refused(`"${both}" is yes and no`);
  return ready((value) =>
    each(value, (item): Outcome<Scalar | null> => {
      const word = fold(toText(item));
      if (yes.has(word)) return valued(true);
      if (no.has(word)) return valued(false);
      if (typeof item === "boolean") return valued(item);
      return step.otherwise === "null" ? valued(null) : failed("not_a_boolean");
    }),
  );
}

const fold = (word: string) => word.trim().toLowerCase();

type ReadDate = (item: Scalar) => Date | undefined;

export function openDate({ zone: name, format = "iso" }: StepOf<"date">): OpenedStep {
  const zone = openZone(name);
  if (!zone) return refused(`there is no time zone "${name}"`);
  const read = openReadDate(zone, format);
  if (!read) return refused(`the format "${format}" does not name a year, month and day once`);
  return ready((value) =>
    each(value, (item) => {
      const date = item instanceof Date ? item : read(item);
      return date && isStorable(date) ? valued(date) : failed("not_a_date");
    }),
  );
}

function openReadDate(zone: Zone, format: string): ReadDate | undefined {
  if (format === "unix") return (item) => unixDate(item, 1_000);
  if (format === "unix_ms") return (item) => unixDate(item, 1);
  const names = format === "iso" ? ISO_FORMATS : [format];
  const formats = names.flatMap((one) => openDateFormat(one) ?? []);
  if (formats.length === 0 || !names.every(namesDay)) return undefined;
  return (item) => {
    const text = toText(item).trim();
    const instant = format === "iso" ? readInstant(text) : undefined;
    if (instant) return instant;
    for (const { read } of formats) {
      const localMs = read(text);
      if (localMs !== undefined) return new Date(zone.toInstant(localMs));
    }
    return undefined;
  };
}

/** ISO 8601 without an offset: the zone's own time. */
const ISO_FORMATS = [
  "YYYY-MM-DD",
  "YYYY-MM-DDTHH:mm",
  "YYYY-MM-DDTHH:mm:ss",
  "YYYY-MM-DD HH:mm",
  "YYYY-MM-DD HH:mm:ss",
];

function unixDate(item: Scalar, unitMs: number): Date | undefined {
  const number = readNumber(item);
  return number.kind === "value" ? new Date(number.value * unitMs) : undefined;
}

/** Of years that others can read and the database can hold. */
function isStorable(date: Date): boolean {
  const ms = date.getTime();
  return Number.isFinite(ms) && readInstant(date.toISOString()) !== undefined;
}

export function openDateText({ zone: name, format }: StepOf<"date_text">): OpenedStep {
  const zone = openZone(name);
  if (!zone) return refused(`there is no time zone "${name}"`);
  const opened = openDateFormat(format);
  if (!opened) return refused(`the format "${format}" names nothing of a date, or one part twice`);
  return ready((value) =>
    each(value, (item) => {
      const date = item instanceof Date ? item : readInstant(toText(item));
      return date ? valued(opened.write(zone.toLocal(date.getTime()))) : failed("not_a_date");
    }),
  );
}
