/** Which vertices stand exactly above each other: the spine first, then long lines, then what is left. */
import type { Proper, Segment } from "./proper.ts";

/**
 * Groups the vertices into vertical blocks, at most one vertex of a layer in each. Two blocks never change
 * sides, as segments that would cross an aligned one are not aligned.
 *
 * @param layers the ordered layers.
 * @returns for each vertex the number of its block, counted from 0 without gaps.
 */
export function alignBlocks(proper: Proper, layers: readonly (readonly number[])[]): number[] {
  const places: number[] = [];
  for (const layer of layers) layer.forEach((vertex, index) => (places[vertex] = index));
  const aligned = new Map<number, { readonly up: number; readonly down: number }[]>();
  const below = new Map<number, number>();
  const above = new Set<number>();
  for (const { up, down } of byPriority(proper, places)) {
    if (below.has(up) || above.has(down)) continue;
    const layer = proper.vertices[up]?.layer ?? 0;
    const rivals = aligned.get(layer) ?? [];
    const segment = { up: places[up] ?? 0, down: places[down] ?? 0 };
    if (rivals.some((rival) => (rival.up - segment.up) * (rival.down - segment.down) < 0)) continue;
    rivals.push(segment);
    aligned.set(layer, rivals);
    below.set(up, down);
    above.add(down);
  }
  return numberBlocks(proper.vertices.length, below, above);
}

function byPriority({ vertices, segments }: Proper, places: readonly number[]): Segment[] {
  const isBend = (vertex: number): boolean => vertices[vertex]?.kind === "bend";
  const priority = ({ up, down, main }: Segment): number =>
    main ? 3 : isBend(up) && isBend(down) ? 2 : isBend(up) || isBend(down) ? 0 : 1;
  const shift = ({ up, down }: Segment): number =>
    Math.abs((places[up] ?? 0) - (places[down] ?? 0));
  return segments.toSorted(
    (one, other) => priority(other) - priority(one) || shift(one) - shift(other),
  );
}

function numberBlocks(
  count: number,
  below: ReadonlyMap<number, number>,
  above: ReadonlySet<number>,
): number[] {
  const blocks = Array.from({ length: count }, () => 0);
  let number = 0;
  for (let top = 0; top < count; top += 1) {
    if (above.has(top)) continue;
    for (let at: number | undefined = top; at !== undefined; at = below.get(at))
      blocks[at] = number;
    number += 1;
  }
  return blocks;
}
