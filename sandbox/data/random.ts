/** Seeded randomness: the same seed gives the same draws on every machine. */

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One element; throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A new list in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** A stream of its own, so that a change in one part of the data leaves the others as they were. */
  fork(label: number): Random;
}

/** Spreads one integer over 32 bits (the finalizer of MurmurHash3), so that seeds 1 and 2 differ everywhere. */
function scramble(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 32 bits that depend on all of three integers; without a generator, where only one draw is needed. */
export function hashOf(seed: number, at: number, label: number): number {
  return scramble(scramble(scramble(seed) ^ (at + Math.imul(label, 0x9e3779b9))) ^ label);
}

/** A generator with 32 bits of state (mulberry32): fast, and good enough for sample data. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`seed: expected an integer, got ${seed}`);
  }
  const origin = scramble(seed ^ scramble(Math.floor(seed / 2 ** 32)));
  let state = origin;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));

  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError("pick: the list is empty");
      return item;
    },
    shuffle(items) {
      const shuffled = [...items];
      for (let end = shuffled.length - 1; end > 0; end -= 1) {
        const at = integer(0, end);
        const [a, b] = [shuffled[at], shuffled[end]];
        if (a === undefined || b === undefined) continue;
        shuffled[at] = b;
        shuffled[end] = a;
      }
      return shuffled;
    },
    fork: (label) => createRandom(origin ^ scramble(label + 0x9e3779b9)),
  };
}
