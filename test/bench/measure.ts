/** How two contenders are timed in one run, and what their samples come to. */

/** A piece of work, repeated in a sample. */
export interface Work<T> {
  /** Makes what one piece of work starts from; not measured. */
  readonly prepare: () => T;
  readonly perform: (prepared: T) => unknown;
}

/** Milliseconds of one piece of work, for each sample in the order they were taken. */
export interface Samples {
  readonly ours: readonly number[];
  readonly peer: readonly number[];
}

export interface Plan {
  /** Samples of each contender. */
  readonly rounds: number;
  /** Time that each contender works before it is measured, in milliseconds. */
  readonly warmUpMs: number;
  /** A sample repeats the work for at least so long, so that the clock's grain does not count. */
  readonly sampleMs: number;
}

/** Samples by turns, ours and the peer's, so that what else the machine does meets both alike. */
export async function interleave<A, B>(ours: Work<A>, peer: Work<B>, plan: Plan): Promise<Samples> {
  const times = { ours: await warmUp(ours, plan), peer: await warmUp(peer, plan) };
  const samples: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  for (let round = 0; round < plan.rounds; round += 1) {
    samples.ours.push(await sample(ours, times.ours));
    samples.peer.push(await sample(peer, times.peer));
  }
  return samples;
}

/** Works for the time to warm up in; the result is how often to repeat the work in one sample. */
async function warmUp<T>(work: Work<T>, { warmUpMs, sampleMs }: Plan): Promise<number> {
  const began = performance.now();
  let least = Number.POSITIVE_INFINITY;
  do least = Math.min(least, await sample(work, 1));
  while (performance.now() - began < warmUpMs);
  return Math.max(1, Math.ceil(sampleMs / Math.max(least, 0.001)));
}

async function sample<T>({ prepare, perform }: Work<T>, times: number): Promise<number> {
  const prepared = Array.from({ length: times }, prepare);
  const began = performance.now();
  for (const each of prepared) await perform(each);
  return (performance.now() - began) / times;
}

/** The middle one, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(
    Math.ceil(middle) - 1,
    Math.floor(middle) + 1,
  );
  return (low + high) / 2;
}
