/** What a call of an incremental export asks for. Source: Zendesk API reference, "Incremental exports". */
import { toUnixSeconds } from "../../clock.ts";
import type { Place } from "../change-order.ts";
import { invalidAttribute, ZendeskRefusal } from "../errors.ts";
import { parameter, type Query } from "../paging.ts";

const LARGEST_PAGE = 1_000;
/** A start must be older than that, and exports of tickets and their events end there. */
const HELD_BACK_SECONDS = 60;

/** The second up to which exports of tickets and their events go: the most recent minute is held back. */
export function heldBackUntil(now: Date): number {
  return toUnixSeconds(now) - HELD_BACK_SECONDS;
}

export const writeCursor = ([changed, id]: Place): string =>
  Buffer.from(`${changed}.0||${id}`).toString("base64url");

function readCursor(text: string): Place {
  const parts = /^(\d+)\.0\|\|(\d+)$/.exec(Buffer.from(text, "base64url").toString());
  if (!parts) throw invalidAttribute("cursor: not a cursor of this export");
  return [Number(parts[1]), Number(parts[2])];
}

/**
 * The start, in Unix seconds.
 * @throws ZendeskRefusal 400 for no number, 422 for the last minute (body: tap-zendesk, with the older five minutes)
 */
export function readStartTime(query: Query, now: Date): number {
  const text = parameter(query, "start_time") ?? "";
  if (!/^\d+$/.test(text)) throw invalidAttribute("start_time: expected Unix seconds");
  const start = Number(text);
  if (start > heldBackUntil(now)) {
    throw new ZendeskRefusal(422, {
      error: "InvalidValue",
      description: "Too recent start_time. Use a start_time older than 1 minute",
    });
  }
  return start;
}

/** Where an export by cursor goes on: after the cursor's row, or before the first row of the start's second. */
export function readPlace(query: Query, now: Date): Place {
  const cursor = parameter(query, "cursor");
  return cursor === undefined ? [readStartTime(query, now), 0] : readCursor(cursor);
}

/** Rows of a page: `per_page`, at most (and by default) 1,000. */
export function readSize(query: Query): number {
  const size = Number(parameter(query, "per_page") ?? LARGEST_PAGE);
  if (!Number.isInteger(size) || size < 1) {
    throw invalidAttribute("per_page: expected a positive integer");
  }
  return Math.min(size, LARGEST_PAGE);
}
