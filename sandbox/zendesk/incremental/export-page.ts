/** One page of an export, by cursor or by time, cut from the rows after its start. Pure. */
import type { Place } from "../change-order.ts";

/** A row with its place in the order of change. */
export interface Placed<T> {
  readonly place: Place;
  readonly row: T;
}

export interface ExportPage<T> {
  readonly rows: readonly T[];
  /** The place of the last row; undefined on an empty page. */
  readonly last: Place | undefined;
  readonly endOfStream: boolean;
}

/** At most `size` rows that changed until then (Unix seconds); which they are, the caller's order says. */
export function pageByCursor<T>(
  placed: Iterable<Placed<T>>,
  size: number,
  until: number,
): ExportPage<T> {
  const rows: T[] = [];
  let last: Place | undefined;
  for (const { place, row } of placed) {
    if (place[0] > until) break;
    if (rows.length === size) return { rows, last, endOfStream: false };
    rows.push(row);
    last = place;
  }
  return { rows, last, endOfStream: true };
}

/**
 * As `pageByCursor`, but a page ends with a second: the next one starts at the second of the last row, so rows of it come twice.
 * That is why a page may be larger than asked for. A page of nothing but its start's second takes the next one too, or a reader
 * would never get past it (INFERRED: how Zendesk does it is not documented).
 */
export function pageByTime<T>(
  placed: Iterable<Placed<T>>,
  size: number,
  startTime: number,
  until: number,
): ExportPage<T> {
  const rows: T[] = [];
  let last: Place = [startTime, 0];
  for (const { place, row } of placed) {
    if (place[0] > until) break;
    const isFull = rows.length >= size && last[0] > startTime;
    if (isFull && place[0] > last[0]) return { rows, last, endOfStream: false };
    rows.push(row);
    last = place;
  }
  return { rows, last: rows.length === 0 ? undefined : last, endOfStream: true };
}
