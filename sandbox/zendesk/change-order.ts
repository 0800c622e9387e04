/** In which order exports hand records out: by the second of their last change, then by id. */

/** A place in the order: when a record changed (Unix seconds), and its id. */
export type Place = readonly [changed: number, id: number];

export interface ChangeOrder {
  /** Puts a record at its place; a record that is there already moves. */
  put(id: number, changed: number): void;
  /** The records after a place, in order. Do not change the order while reading. */
  after(place: Place): Iterable<Place>;
}

/** Negative when `a` comes before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** An order of the given places. Putting costs a binary search and a move of memory, so that it may grow large. */
export function createChangeOrder(places: Iterable<Place>): ChangeOrder {
  const order = [...places].toSorted(comparePlaces);
  const changedAt = new Map(order.map(([changed, id]) => [id, changed]));

  /** How many places come before this one or, with `inclusive`, are equal to it. */
  function countBefore(place: Place, inclusive: boolean): number {
    let from = 0;
    let to = order.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const compared = comparePlaces(order[middle] ?? place, place);
      if (compared < 0 || (inclusive && compared === 0)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  return {
    put(id, changed) {
      const before = changedAt.get(id);
      if (before === changed) return;
      if (before !== undefined) order.splice(countBefore([before, id], false), 1);
      changedAt.set(id, changed);
      order.splice(countBefore([changed, id], false), 0, [changed, id]);
    },
    *after(place) {
      for (let at = countBefore(place, true); at < order.length; at += 1) {
        const next = order[at];
        if (next) yield next;
      }
    },
  };
}
