/** How far to the right each vertical block stands: close together, and near what it is joined to. */
import { topologicalOrder } from "./layers.ts";
import type { Proper } from "./proper.ts";

/** Free space between two boxes, and next to a line, in pixels. */
const BOX_GAP = 36;
const LINE_GAP = 16;
const ROUNDS = 60;

interface Bound {
  readonly block: number;
  readonly distance: number;
}

interface Blocks {
  readonly count: number;
  /** The blocks directly to the left and right, with the distance to keep. */
  readonly left: readonly (readonly Bound[])[];
  readonly right: readonly (readonly Bound[])[];
  /** The blocks that each is joined to, once for each segment. */
  readonly joined: readonly (readonly number[])[];
  /** From left to right: each after all on its left. */
  readonly order: readonly number[];
}

/**
 * The x of each vertex's axis. Begins half way between the drawing pushed to the left and pushed to the
 * right, then lets each block follow what it is joined to as far as its neighbours let it.
 */
export function positionsOf(
  proper: Proper,
  layers: readonly (readonly number[])[],
  blockOf: readonly number[],
): number[] {
  const blocks = blocksOf(proper, layers, blockOf);
  const x = between(blocks);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const block of round % 2 === 0 ? blocks.order : blocks.order.toReversed()) {
      x[block] = pulled(block, blocks, x);
    }
  }
  return blockOf.map((block) => x[block] ?? 0);
}

function blocksOf(
  { vertices, segments }: Proper,
  layers: readonly (readonly number[])[],
  blockOf: readonly number[],
): Blocks {
  const count = blockOf.reduce((most, block) => Math.max(most, block + 1), 0);
  const left: Bound[][] = Array.from({ length: count }, () => []);
  const right: Bound[][] = Array.from({ length: count }, () => []);
  for (const layer of layers) {
    layer.slice(1).forEach((vertex, index) => {
      const [one, other] = [vertices[layer[index] ?? 0], vertices[vertex]];
      const isLine = one?.kind !== "box" || other?.kind !== "box";
      const gap = isLine ? LINE_GAP : BOX_GAP;
      const distance = (one?.right ?? 0) + gap + (other?.left ?? 0);
      const [a, b] = [blockOf[layer[index] ?? 0] ?? 0, blockOf[vertex] ?? 0];
      right[a]?.push({ block: b, distance });
      left[b]?.push({ block: a, distance });
    });
  }
  const joined: number[][] = Array.from({ length: count }, () => []);
  for (const { up, down } of segments) {
    const [a, b] = [blockOf[up] ?? 0, blockOf[down] ?? 0];
    if (a === b) continue;
    joined[a]?.push(b);
    joined[b]?.push(a);
  }
  const order = topologicalOrder(right.map((bounds) => bounds.map(({ block }) => block)));
  return { count, left, right, joined, order };
}

/** Every distance is kept on both sides, so it is kept half way between them. */
function between({ count, left, right, order }: Blocks): number[] {
  const leftmost = Array.from({ length: count }, () => 0);
  for (const block of order) {
    leftmost[block] = Math.max(0, ...bounds(left[block], leftmost, 1));
  }
  const width = leftmost.reduce((most, x) => Math.max(most, x), 0);
  const rightmost = Array.from({ length: count }, () => width);
  for (const block of order.toReversed()) {
    rightmost[block] = Math.min(width, ...bounds(right[block], rightmost, -1));
  }
  return leftmost.map((x, block) => (x + (rightmost[block] ?? 0)) / 2);
}

function bounds(list: readonly Bound[] = [], x: readonly number[], sign: 1 | -1): number[] {
  return list.map(({ block, distance }) => (x[block] ?? 0) + sign * distance);
}

/** To the middle of what a block is joined to, as far as its neighbours let it. */
function pulled(block: number, { left, right, joined }: Blocks, x: readonly number[]): number {
  const others = joined[block] ?? [];
  if (others.length === 0) return x[block] ?? 0;
  const wish = others.reduce((sum, other) => sum + (x[other] ?? 0), 0) / others.length;
  const lowest = Math.max(-Infinity, ...bounds(left[block], x, 1));
  const highest = Math.min(Infinity, ...bounds(right[block], x, -1));
  return Math.min(Math.max(wish, lowest), highest);
}
