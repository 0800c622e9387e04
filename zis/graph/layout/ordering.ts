/** In which order the vertices of each layer stand, so that few lines cross. */
import type { Proper } from "./proper.ts";

interface Neighbours {
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
}

/** Sweeps of the barycentre heuristic, and how many of them may bring nothing before it stops. */
const MOST_SWEEPS = 24;
const PATIENCE = 5;

/** The layers, each ordered from left to right. The same skeleton always gives the same order. */
export function orderLayers(proper: Proper): number[][] {
  const neighbours = neighboursOf(proper);
  let layers = firstOrder(proper, neighbours);
  let best = layers;
  let fewest = crossings(layers, neighbours);
  let idle = 0;
  for (let sweep = 0; sweep < MOST_SWEEPS && idle < PATIENCE && fewest > 0; sweep += 1) {
    layers = sweepOnce(layers, neighbours, sweep % 2 === 0);
    swapNeighbours(layers, neighbours);
    const crossed = crossings(layers, neighbours);
    idle += 1;
    if (crossed >= fewest) continue;
    idle = 0;
    fewest = crossed;
    best = layers.map((layer) => [...layer]);
  }
  return best;
}

function neighboursOf({ vertices, segments }: Proper): Neighbours {
  const above: number[][] = vertices.map(() => []);
  const below: number[][] = vertices.map(() => []);
  for (const { up, down } of segments) {
    above[down]?.push(up);
    below[up]?.push(down);
  }
  return { above, below };
}

/** As a depth-first walk from the top comes to them, so that what belongs together stands together. */
function firstOrder({ vertices, layers }: Proper, { below }: Neighbours): number[][] {
  const ordered: number[][] = layers.map(() => []);
  const place = new Map(
    layers.flatMap((members, index) => members.map((vertex) => [vertex, index])),
  );
  const seen = new Set<number>();
  for (const root of layers.flat()) {
    const stack = [root];
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
      if (seen.has(vertex)) continue;
      seen.add(vertex);
      ordered[place.get(vertex) ?? 0]?.push(vertex);
      stack.push(...(below[vertex] ?? []).toReversed());
    }
  }
  return vertices.length === 0 ? [] : ordered;
}

function sweepOnce(
  layers: readonly (readonly number[])[],
  { above, below }: Neighbours,
  downwards: boolean,
): number[][] {
  const result = layers.map((layer) => [...layer]);
  const places = placesOf(result);
  const indexes = [...result.keys()];
  for (const index of downwards ? indexes : indexes.toReversed()) {
    const layer = result[index] ?? [];
    const weights = new Map(
      layer.map((vertex) => {
        const others = (downwards ? above : below)[vertex] ?? [];
        const total = others.reduce((sum, other) => sum + (places[other] ?? 0), 0);
        return [vertex, others.length === 0 ? (places[vertex] ?? 0) : total / others.length];
      }),
    );
    layer.sort((one, other) => (weights.get(one) ?? 0) - (weights.get(other) ?? 0));
    setPlaces(places, layer);
  }
  return result;
}

/** Places from 0 to 1, so that layers of different sizes can be compared. */
function placesOf(layers: readonly (readonly number[])[]): number[] {
  const places: number[] = [];
  for (const layer of layers) setPlaces(places, layer);
  return places;
}

function setPlaces(places: number[], layer: readonly number[]): void {
  layer.forEach((vertex, index) => (places[vertex] = (index + 0.5) / layer.length));
}

/** Swaps two that stand side by side wherever that takes a crossing away. */
function swapNeighbours(layers: readonly number[][], { above, below }: Neighbours): void {
  const places = placesOf(layers);
  for (const layer of layers) {
    for (let index = 1; index < layer.length; index += 1) {
      const [left, right] = [layer[index - 1] ?? 0, layer[index] ?? 0];
      const gain =
        pairCrossings(above[left], above[right], places) -
        pairCrossings(above[right], above[left], places) +
        pairCrossings(below[left], below[right], places) -
        pairCrossings(below[right], below[left], places);
      if (gain <= 0) continue;
      layer[index - 1] = right;
      layer[index] = left;
      [places[left], places[right]] = [places[right] ?? 0, places[left] ?? 0];
    }
  }
}

function pairCrossings(
  left: readonly number[] = [],
  right: readonly number[] = [],
  places: readonly number[],
): number {
  let count = 0;
  for (const one of left) {
    for (const other of right) if ((places[one] ?? 0) > (places[other] ?? 0)) count += 1;
  }
  return count;
}

/** All crossings between neighbouring layers, counted as inversions by insertion into a sorted list. */
function crossings(layers: readonly (readonly number[])[], { below }: Neighbours): number {
  const places = placesOf(layers);
  let count = 0;
  for (const layer of layers) {
    const ends = layer.flatMap((vertex) =>
      (below[vertex] ?? []).map((down) => places[down] ?? 0).sort((one, other) => one - other),
    );
    count += inversions(ends);
  }
  return count;
}

function inversions(numbers: readonly number[]): number {
  const sorted: number[] = [];
  let count = 0;
  for (const number of numbers) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) <= number) low = middle + 1;
      else high = middle;
    }
    count += sorted.length - low;
    sorted.splice(low, 0, number);
  }
  return count;
}
