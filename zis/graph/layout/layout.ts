/** Where the boxes and links of a layered drawing go (after Sugiyama): top to bottom, without overlaps. */
import { alignBlocks } from "./alignment.ts";
import { positionsOf } from "./compaction.ts";
import { orderLayers } from "./ordering.ts";
import { type Box, type Link, type Proper, properLayers } from "./proper.ts";
import { type Band, routesOf, type Route } from "./routes.ts";

export interface Layout {
  /** One for each box: the x of its axis and its upper edge. */
  readonly boxes: readonly { readonly x: number; readonly y: number }[];
  /** One for each link. */
  readonly routes: readonly Route[];
  readonly width: number;
  readonly height: number;
}

/** Space between layers, in pixels: next to labels, between boxes, and what wide curves need on top. */
const LABEL_GAP = 18;
const LAYER_GAP = 40;
const SLOPE = 0.09;
const MOST_SLOPE = 44;
/** In a layer with something tall, boxes do not sink to its middle. */
const MOST_SINK = 16;

/** Lays a drawing out; all is in pixels, from (0, 0) at the upper left. Deterministic; cycles are fine. */
export function layOut(boxes: readonly Box[], links: readonly Link[]): Layout {
  const proper = properLayers(boxes, links);
  const layers = orderLayers(proper);
  const blocks = alignBlocks(proper, layers);
  const x = toOrigin(proper, positionsOf(proper, layers, blocks));
  const bands = bandsOf(proper, layers, x);
  const bandOf = new Map(
    layers.map((layer, index) => [proper.vertices[layer[0] ?? 0]?.layer, bands[index]]),
  );
  const band = (vertex: number): Band =>
    bandOf.get(proper.vertices[vertex]?.layer) ?? { top: 0, bottom: 0 };
  const placed = boxes.map((box, index) => {
    const { top, bottom } = band(index);
    const sink = Math.max(0, Math.min(MOST_SINK, (bottom - top - box.height) / 2));
    return { x: x[index] ?? 0, y: top + sink };
  });
  return {
    boxes: placed,
    routes: routesOf({ boxes, placed, proper, x, band }),
    width: proper.vertices.reduce(
      (most, { right }, vertex) => Math.max(most, (x[vertex] ?? 0) + right),
      0,
    ),
    height: bands.at(-1)?.bottom ?? 0,
  };
}

function toOrigin({ vertices }: Proper, x: readonly number[]): number[] {
  const least = vertices.reduce(
    (most, { left }, vertex) => Math.min(most, (x[vertex] ?? 0) - left),
    Infinity,
  );
  return x.map((value) => value - least);
}

function bandsOf(
  proper: Proper,
  layers: readonly (readonly number[])[],
  x: readonly number[],
): Band[] {
  const { vertices, segments } = proper;
  const widest = new Map<number, number>();
  for (const { up, down } of segments) {
    const layer = vertices[up]?.layer ?? 0;
    const shift = Math.abs((x[up] ?? 0) - (x[down] ?? 0));
    widest.set(layer, Math.max(widest.get(layer) ?? 0, shift));
  }
  const bands: Band[] = [];
  let top = 0;
  layers.forEach((layer, index) => {
    const number = vertices[layer[0] ?? 0]?.layer ?? 0;
    const bottom = top + Math.max(...layer.map((vertex) => vertices[vertex]?.height ?? 0));
    bands.push({ top, bottom });
    const next = vertices[layers[index + 1]?.[0] ?? 0]?.layer ?? 0;
    const gap = number % 2 === 0 && next % 2 === 0 ? LAYER_GAP : LABEL_GAP;
    top = bottom + gap + Math.min(MOST_SLOPE, SLOPE * (widest.get(number) ?? 0));
  });
  return bands;
}
