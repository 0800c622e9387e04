/**
 * The drawing's skeleton: each arc as a chain of vertices, one in each layer that it passes. A label is a
 * vertex too, in a layer between those of the boxes, so that nothing is ever drawn over it.
 *
 * Arcs to the same box share their bends: many ways into one state come together in one trunk.
 */
import type { Arc } from "./cycles.ts";
import { backArcs } from "./cycles.ts";
import { heightsOf, layersOf } from "./layers.ts";

/** A rectangle to be placed, by its distances from the vertical axis at which arcs meet it. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly height: number;
  /** How far from the axis arcs may meet it. */
  readonly reach: number;
}

export interface Link extends Arc {
  readonly label?: { readonly width: number; readonly height: number };
  /** True for an exceptional way: the spine avoids it, and it shares bends only with its like. */
  readonly aside: boolean;
}

interface Vertex {
  readonly kind: "box" | "bend" | "label";
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly layer: number;
}

/** A piece of a chain, between vertices of two neighbouring layers. */
export interface Segment {
  readonly up: number;
  readonly down: number;
  /** True on the longest way through the drawing, which is to be straight. */
  readonly main: boolean;
}

export interface Chain {
  /** From top to bottom; the ends are boxes. Empty for a loop from a box to itself. */
  readonly vertices: readonly number[];
  readonly label?: number;
  /** True when the link points upwards. */
  readonly reversed: boolean;
}

export interface Proper {
  /** The boxes come first, under their own numbers. */
  readonly vertices: readonly Vertex[];
  /** Vertices of each layer, in the order in which they came up. */
  readonly layers: readonly (readonly number[])[];
  readonly segments: readonly Segment[];
  /** One for each link. */
  readonly chains: readonly Chain[];
}

const BEND = { kind: "bend", left: 2, right: 2, height: 0 } as const;

/** Breaks cycles, finds layers and cuts the links into chains. */
export function properLayers(boxes: readonly Box[], links: readonly Link[]): Proper {
  const back = backArcs(boxes.length, links);
  const ways = links.map((link, index): Way => {
    const reversed = back.has(index);
    const [from, to] = reversed ? [link.to, link.from] : [link.from, link.to];
    return { ...link, from, to, target: link.to, reversed, aside: link.aside || reversed };
  });
  const acyclic = ways.filter(({ from, to }) => from !== to);
  const ranks = layersOf(boxes.length, acyclic);
  const main = mainArcs(boxes.length, acyclic, ranks);
  const vertices: Vertex[] = boxes.map((box, index) => ({
    ...box,
    kind: "box",
    layer: boxLayer(ranks, index),
  }));
  const chains = cutIntoChains(ways, ranks, vertices);
  const segments = new Map<number, Segment>();
  chains.forEach((chain, index) => {
    const way = ways[index];
    const isMain = way !== undefined && main.has(arcKey(way));
    chain.vertices.slice(1).forEach((down, place) => {
      const up = chain.vertices[place] ?? 0;
      const key = up * vertices.length + down;
      segments.set(key, { up, down, main: isMain || segments.get(key)?.main === true });
    });
  });
  return { vertices, layers: byLayer(vertices), segments: [...segments.values()], chains };
}

/** A link that points downwards, turned round where it has to be. */
interface Way extends Link {
  readonly reversed: boolean;
  /** Where the link leads, turned round or not. */
  readonly target: number;
}

/** Box layers are even, the layers between them odd. */
function boxLayer(ranks: readonly number[], box: number): number {
  return 2 * (ranks[box] ?? 0);
}

/** A label stands next to the box where its link begins. */
function labelLayer(ranks: readonly number[], { from, to, reversed }: Way): number {
  return reversed ? boxLayer(ranks, to) - 1 : boxLayer(ranks, from) + 1;
}

/** The chain of each way; bends and labels are added to the vertices. */
function cutIntoChains(
  ways: readonly Way[],
  ranks: readonly number[],
  vertices: Vertex[],
): Chain[] {
  const layers = new Set(vertices.map(({ layer }) => layer));
  for (const way of ways) {
    if (way.label && way.from !== way.to) layers.add(labelLayer(ranks, way));
  }
  const add = (vertex: Vertex): number => vertices.push(vertex) - 1;
  const trunks = new Map<string, Map<number, number>>();
  const trunkOf = ({ target, reversed, aside }: Way): Map<number, number> => {
    const key = `${target} ${reversed} ${aside}`;
    const trunk = trunks.get(key) ?? new Map<number, number>();
    trunks.set(key, trunk);
    return trunk;
  };
  return ways.map((way): Chain => {
    const { from, to, reversed } = way;
    if (from === to) return { vertices: [], reversed };
    const chain = [from];
    const trunk = trunkOf(way);
    let label: number | undefined;
    for (let layer = boxLayer(ranks, from) + 1; layer < boxLayer(ranks, to); layer += 1) {
      if (!layers.has(layer)) continue;
      if (way.label && layer === labelLayer(ranks, way)) {
        const { width, height } = way.label;
        label = add({ kind: "label", left: width / 2, right: width / 2, height, layer });
        chain.push(label);
        continue;
      }
      const bend = trunk.get(layer) ?? add({ ...BEND, layer });
      trunk.set(layer, bend);
      chain.push(bend);
    }
    return { vertices: [...chain, to], reversed, ...(label !== undefined && { label }) };
  });
}

function byLayer(vertices: readonly Vertex[]): number[][] {
  const groups = Map.groupBy(vertices.keys(), (vertex) => vertices[vertex]?.layer ?? 0);
  return [...groups].sort(([one], [other]) => one - other).map(([, members]) => members);
}

const arcKey = ({ from, to }: Arc): string => `${from} ${to}`;

/**
 * The arcs from which the drawing takes its spine: from a box to the one from which most is still to come,
 * if no lower box leads there. An exceptional way is taken only where there is no other.
 */
function mainArcs(count: number, ways: readonly Way[], ranks: readonly number[]): Set<string> {
  const heights = heightsOf(count, ways);
  const down = new Map<number, Way>();
  const up = new Map<number, Way>();
  for (const way of ways) {
    const rival = down.get(way.from);
    const isLonger = (heights[way.to] ?? 0) > (heights[rival?.to ?? 0] ?? 0);
    if (!rival || isPreferred(way, rival, isLonger)) down.set(way.from, way);
  }
  for (const way of down.values()) {
    const rival = up.get(way.to);
    const isLower = (ranks[way.from] ?? 0) > (ranks[rival?.from ?? 0] ?? 0);
    if (!rival || isPreferred(way, rival, isLower)) up.set(way.to, way);
  }
  return new Set([...up.values()].map((way) => arcKey(way)));
}

function isPreferred(way: Way, rival: Way, isBetter: boolean): boolean {
  return way.aside === rival.aside ? isBetter : rival.aside;
}
