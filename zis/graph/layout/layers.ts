/** In which layer each vertex stands: below all that lead to it. */
import type { Arc } from "./cycles.ts";

/**
 * Longest-path layering of arcs without cycles: each vertex stands one layer below the lowest that leads to
 * it. What vertex 0 does not reach is moved down to just above what it leads to.
 */
export function layersOf(count: number, arcs: readonly Arc[]): number[] {
  const below = neighbours(count, arcs);
  const order = topologicalOrder(below);
  const layers = Array.from({ length: count }, () => 0);
  for (const vertex of order) {
    for (const next of below[vertex] ?? []) {
      layers[next] = Math.max(layers[next] ?? 0, (layers[vertex] ?? 0) + 1);
    }
  }
  const reached = new Set([0]);
  for (const vertex of order) {
    if (reached.has(vertex)) below[vertex]?.forEach((next) => reached.add(next));
  }
  for (const vertex of order.toReversed()) {
    const next = below[vertex] ?? [];
    if (reached.has(vertex) || next.length === 0) continue;
    layers[vertex] = Math.min(...next.map((other) => layers[other] ?? 0)) - 1;
  }
  return layers;
}

/** The longest way from each vertex down to an end, in arcs. */
export function heightsOf(count: number, arcs: readonly Arc[]): number[] {
  const below = neighbours(count, arcs);
  const heights = Array.from({ length: count }, () => 0);
  for (const vertex of topologicalOrder(below).toReversed()) {
    for (const next of below[vertex] ?? []) {
      heights[vertex] = Math.max(heights[vertex] ?? 0, (heights[next] ?? 0) + 1);
    }
  }
  return heights;
}

function neighbours(count: number, arcs: readonly Arc[]): number[][] {
  const below: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of arcs) below[from]?.push(to);
  return below;
}

/** The vertices, each after all that lead to it. */
export function topologicalOrder(below: readonly (readonly number[])[]): number[] {
  const waitsFor = below.map(() => 0);
  for (const next of below.flat()) waitsFor[next] = (waitsFor[next] ?? 0) + 1;
  const order = waitsFor.flatMap((number, vertex) => (number === 0 ? [vertex] : []));
  for (let at = 0; at < order.length; at += 1) {
    for (const next of below[order[at] ?? 0] ?? []) {
      const left = (waitsFor[next] ?? 0) - 1;
      waitsFor[next] = left;
      if (left === 0) order.push(next);
    }
  }
  return order;
}
