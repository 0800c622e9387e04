/**
 * When the tickets of a calculated account were made and last changed. Pure arithmetic in both directions, so that any page of an
 * export is found by a binary search and nothing is held.
 *
 * Ticket `n` (from 0) is made before ticket `n + 1`. In the order of change it stands at a position near `n`: positions are
 * shuffled within small blocks, so that readers cannot rely on ids. Now and then many tickets in a row change in one second,
 * as when an administrator changes them in bulk.
 */
import { hashOf } from "../random.ts";

export interface TimelineOptions {
  readonly seed: number;
  readonly tickets: number;
  /** Unix seconds of the first creation. */
  readonly from: number;
  /** Unix seconds of the last change. */
  readonly until: number;
  readonly bulk: BulkChanges;
}

export interface BulkChanges {
  /** Among how many tickets there is one. */
  readonly every: number;
  /** How many tickets it changes. */
  readonly size: number;
}

export interface Timeline {
  readonly tickets: number;
  /** Unix seconds. */
  createdAt(ticket: number): number;
  /** Unix seconds; at least `LONGEST_CONVERSATION` and a day after the creation. */
  changedAt(ticket: number): number;
  /** The ticket at a place of the order of change. */
  ticketAt(position: number): number;
  /** How many tickets were made before this second. */
  createdBefore(second: number): number;
  /** How many positions come before the first for which the test holds; it must hold for all after that. */
  positionWhere(holds: (position: number) => boolean): number;
  changedAtPosition(position: number): number;
}

const DAY = 86_400;
/** No conversation lasts longer, in seconds. */
export const LONGEST_CONVERSATION = 4 * DAY;
/** From a ticket's creation to its last change: its conversation, the block that it is shuffled in, and a day. */
const SETTLED = LONGEST_CONVERSATION + 2 * DAY;
const LARGEST_BLOCK = 1_024;

/** The first whole number from 0 to `count` for which the test holds. */
function firstWhere(count: number, holds: (at: number) => boolean): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * A timeline of so many tickets.
 * @throws RangeError when the span has less than a second for each ticket
 */
export function createTimeline(options: TimelineOptions): Timeline {
  const { seed, tickets, from, until, bulk } = options;
  const spacing = (until - SETTLED - from) / tickets;
  if (!Number.isSafeInteger(tickets) || tickets < 1 || spacing < 1) {
    throw new RangeError(
      `tickets: ${tickets} do not fit between ${from} and ${until}, a second apart`,
    );
  }
  const fitting = Math.min(LARGEST_BLOCK, Math.max(1, DAY / spacing));
  const block = 2 ** Math.floor(Math.log2(fitting));

  const secondOf = (at: number) =>
    from + Math.floor(at * spacing) + (hashOf(seed, at, 1) % Math.floor(spacing));

  /** The end of the bulk change that the position is in; undefined: it is in none. */
  function bulkEnd(position: number): number | undefined {
    const start = Math.floor(position / bulk.every) * bulk.every;
    const end = start + bulk.every;
    return position >= end - bulk.size ? Math.min(end, tickets) - 1 : undefined;
  }

  /** Whether the block keeps its order: the last one, and those that touch a bulk change, whose rows go by id. */
  function isStraight(first: number): boolean {
    if (first + block > tickets) return true;
    for (let at = first - (first % bulk.every); at < first + block; at += bulk.every) {
      const end = at + bulk.every;
      if (end > first && end - bulk.size < first + block) return true;
    }
    return false;
  }

  // Within a block, x becomes 5x + c; as 5 is odd and a block a power of two, that is a shuffle.
  const shift = (first: number) => hashOf(seed, first, 2) % block;

  function ticketAt(position: number): number {
    const first = position - (position % block);
    if (isStraight(first)) return position;
    return first + ((5 * (position - first) + shift(first)) % block);
  }

  const inverse = inverseOfFive(block);
  function positionOf(ticket: number): number {
    const first = ticket - (ticket % block);
    if (isStraight(first)) return ticket;
    const moved = (ticket - first - shift(first) + block) % block;
    return first + ((inverse * moved) % block);
  }

  const changedAtPosition = (position: number) => secondOf(bulkEnd(position) ?? position) + SETTLED;

  return {
    tickets,
    createdAt: secondOf,
    changedAt: (ticket) => changedAtPosition(positionOf(ticket)),
    ticketAt,
    createdBefore: (second) => firstWhere(tickets, (ticket) => secondOf(ticket) >= second),
    positionWhere: (holds) => firstWhere(tickets, holds),
    changedAtPosition,
  };
}

/** The number that undoes a multiplication by five modulo a power of two. */
function inverseOfFive(block: number): number {
  for (let factor = 1; factor < block; factor += 2) {
    if ((5 * factor) % block === 1) return factor;
  }
  return 1;
}
