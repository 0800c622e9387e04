/** Records of one kind: a history that is calculated, never held, with what was added or changed since laid over it. */
import { comparePlaces, createChangeOrder, type Place } from "./change-order.ts";

/** Records that are a pure function of their ids, so that any number of them takes no memory. */
export interface RecordHistory<T> {
  readonly count: number;
  get(id: number): T | undefined;
  /** Those with a larger id, by id. */
  byId(after: number): Iterable<T>;
  /** Those after a place, in the order of their last change. */
  changedAfter(place: Place): Iterable<T>;
}

export interface RecordTable<T> {
  get(id: number): T | undefined;
  /** Adds a record, or replaces the one with its id. */
  set(record: T): void;
  count(): number;
  /** Those with a larger id (default: all), by id. */
  byId(after?: number): Iterable<T>;
  changedAfter(place: Place): Iterable<T>;
}

interface TableOptions<T> {
  readonly records: readonly T[];
  readonly history?: RecordHistory<T> | undefined;
  /** Unix seconds of the record's last change. */
  readonly changedOf: (record: T) => number;
}

/** Two ordered sequences as one. */
function* merge<T>(a: Iterable<T>, b: Iterable<T>, compare: (a: T, b: T) => number): Iterable<T> {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  let [one, two] = [left.next(), right.next()];
  while (!one.done || !two.done) {
    const first = two.done || (!one.done && compare(one.value, two.value) <= 0);
    if (first) {
      if (!one.done) yield one.value;
      one = left.next();
    } else {
      if (!two.done) yield two.value;
      two = right.next();
    }
  }
}

/** A table of these records over this history. */
export function createRecordTable<T extends { readonly id: number }>({
  records,
  history,
  changedOf,
}: TableOptions<T>): RecordTable<T> {
  const held = new Map(records.map((record) => [record.id, record]));
  const placeOf = (record: T): Place => [changedOf(record), record.id];
  const order = createChangeOrder(records.map(placeOf));
  const ids = createChangeOrder(records.map(({ id }) => [0, id]));
  let replaced = records.filter(({ id }) => history?.get(id)).length;

  function* ordered(places: Iterable<Place>): Iterable<T> {
    for (const [, id] of places) {
      const record = held.get(id);
      if (record) yield record;
    }
  }

  function* untouched(past: Iterable<T>): Iterable<T> {
    for (const record of past) if (!held.has(record.id)) yield record;
  }

  return {
    get: (id) => held.get(id) ?? history?.get(id),
    set(record) {
      if (!held.has(record.id) && history?.get(record.id)) replaced += 1;
      held.set(record.id, record);
      order.put(record.id, changedOf(record));
      ids.put(record.id, 0);
    },
    count: () => held.size - replaced + (history?.count ?? 0),
    byId(after = 0) {
      const changed = ordered(ids.after([0, after]));
      if (!history) return changed;
      return merge(changed, untouched(history.byId(after)), (a, b) => a.id - b.id);
    },
    changedAfter(place) {
      const changed = ordered(order.after(place));
      if (!history) return changed;
      return merge(changed, untouched(history.changedAfter(place)), (a, b) =>
        comparePlaces(placeOf(a), placeOf(b)),
      );
    },
  };
}
