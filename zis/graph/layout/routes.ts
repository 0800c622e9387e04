/** Which way each link takes: from the edge of a box through the layers to the edge of another. */
import type { Box, Chain, Proper } from "./proper.ts";

/** A layer's upper and lower edge. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** A vertical piece of a link; from one to the next it goes over by a curve. */
export interface Stop {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Route {
  /** From top to bottom. Empty for a loop from a box to itself. */
  readonly stops: readonly Stop[];
  /** The middle of its label. */
  readonly label?: { readonly x: number; readonly y: number };
  /** True when the link points upwards: it begins at the last stop. */
  readonly reversed: boolean;
}

interface Placed {
  readonly boxes: readonly Box[];
  readonly placed: readonly { readonly x: number; readonly y: number }[];
  readonly proper: Proper;
  readonly x: readonly number[];
  readonly band: (vertex: number) => Band;
}

type Side = "top" | "bottom";

/** Distance between two links at the edge of a box, in pixels. */
const PORT_GAP = 16;

/** The routes of all links. */
export function routesOf(drawing: Placed): Route[] {
  const ports = portsOf(drawing);
  return drawing.proper.chains.map((chain) => routeOf(chain, drawing, ports));
}

const portKey = (box: number, side: Side, neighbour: number): string =>
  `${box} ${side} ${neighbour}`;

function routeOf(
  { vertices, label, reversed }: Chain,
  { boxes, placed, x, band }: Placed,
  ports: ReadonlyMap<string, number>,
): Route {
  const last = vertices.length - 1;
  const stops = vertices.map((vertex, index): Stop => {
    const { top, bottom } = band(vertex);
    const { y } = placed[vertex] ?? { y: 0 };
    if (index === 0) {
      const port = ports.get(portKey(vertex, "bottom", vertices[1] ?? 0)) ?? 0;
      return { x: port, top: y + (boxes[vertex]?.height ?? 0), bottom };
    }
    if (index === last) {
      const port = ports.get(portKey(vertex, "top", vertices[last - 1] ?? 0)) ?? 0;
      return { x: port, top, bottom: y };
    }
    return { x: x[vertex] ?? 0, top, bottom };
  });
  if (label === undefined) return { stops, reversed };
  const { top, bottom } = band(label);
  return { stops, reversed, label: { x: x[label] ?? 0, y: (top + bottom) / 2 } };
}

/** The x at which links meet the edges of boxes: in the order of where they go, a straight one in the middle. */
function portsOf({ boxes, proper, x }: Placed): Map<string, number> {
  const ends = new Map<string, { box: number; side: Side; neighbours: Set<number> }>();
  const note = (box: number, side: Side, neighbour: number): void => {
    const key = `${box} ${side}`;
    const end = ends.get(key) ?? { box, side, neighbours: new Set<number>() };
    end.neighbours.add(neighbour);
    ends.set(key, end);
  };
  for (const { up, down } of proper.segments) {
    if (proper.vertices[up]?.kind === "box") note(up, "bottom", down);
    if (proper.vertices[down]?.kind === "box") note(down, "top", up);
  }
  const ports = new Map<string, number>();
  for (const { box, side, neighbours } of ends.values()) {
    const axis = x[box] ?? 0;
    const sorted = [...neighbours].sort((one, other) => (x[one] ?? 0) - (x[other] ?? 0));
    const straight = sorted.findIndex((other) => Math.abs((x[other] ?? 0) - axis) < 1);
    const middle = straight === -1 ? (sorted.length - 1) / 2 : straight;
    const furthest = Math.max(middle, sorted.length - 1 - middle);
    const gap = Math.min(PORT_GAP, (boxes[box]?.reach ?? 0) / Math.max(furthest, 1));
    sorted.forEach((other, index) => {
      ports.set(portKey(box, side, other), axis + (index - middle) * gap);
    });
  }
  return ports;
}
