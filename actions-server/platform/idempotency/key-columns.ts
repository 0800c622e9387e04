/** Keys of records as statements take many at once. */
import { toKeyText, type RecordKey } from "./record.ts";

/** Three parallel arrays, for `unnest`: account, operation, key. */
export function keyColumns(keys: readonly RecordKey[]): string[][] {
  return [
    keys.map(({ account }) => account),
    keys.map(({ operation }) => operation),
    keys.map(({ key }) => key),
  ];
}

/** One member for each key, the first, in the one order in which keys are locked: two batches cannot deadlock. */
export function firstOfEachKey<M extends { readonly key: RecordKey }>(
  members: readonly M[],
): readonly M[] {
  const byKey = new Map(members.toReversed().map((member) => [toKeyText(member.key), member]));
  return [...byKey].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, m]) => m);
}
