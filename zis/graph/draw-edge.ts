/** How an edge is drawn. */
import { countBadge, px, text } from "./draw-node.ts";
import type { GraphEdge } from "./graph.ts";
import type { Route, Stop } from "./layout/routes.ts";
import { widthOf, wrap } from "./text.ts";

export interface EdgeLabel {
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
}

export interface Edge {
  readonly edge: GraphEdge;
  readonly label: EdgeLabel | undefined;
  readonly passages: number;
}

const SIZE = 11;
const LEADING = 13;
const WIDEST = 180;
const HEAD = 8;

/** The words at an edge, in lines, and the room they need in pixels. */
export function edgeLabel(words: string): EdgeLabel | undefined {
  if (words === "") return undefined;
  const lines = wrap(words, SIZE, WIDEST, 3);
  const width = Math.max(...lines.map((line) => widthOf(line, SIZE))) + 8;
  return { lines, width, height: lines.length * LEADING + 4 };
}

/** The line of an edge with its arrowhead. */
export function drawLine({ edge, passages }: Edge, { stops, reversed }: Route): string {
  const [first, last] = [stops[0], stops.at(-1)];
  if (!first || !last) return "";
  const tip = reversed
    ? { x: first.x, y: first.top, towards: -1 }
    : { x: last.x, y: last.bottom, towards: 1 };
  return line(edge, passages, curve(shortened(stops, reversed))) + head(edge, passages, tip);
}

/** A loop from a box to itself, at the box's left side. */
export function drawLoop({ edge, passages }: Edge, left: number, middle: number): string {
  const path = `M${px(left)} ${px(middle - 8)}h-10a8 8 0 0 0 0 16h4`;
  const head = `M${px(left)} ${px(middle + 8)}l-${HEAD} -4v8z`;
  const name = classes(edge, passages);
  return `${line(edge, passages, path)}<path class="head ${name}" d="${head}"/>`;
}

/** The short line to a note at the right side of a box. */
export function drawTie({ edge, passages }: Edge, left: number, right: number, y: number): string {
  return line(edge, passages, `M${px(left)} ${px(y)}H${px(right)}`);
}

/** The words at an edge around a point, on a plate that hides the line behind them. */
export function drawLabel(
  { label, passages }: Edge,
  { x, y }: { readonly x: number; readonly y: number },
): string {
  if (!label) return "";
  const { lines, width, height } = label;
  const plate = `<rect class="plate" x="${px(x - width / 2)}" y="${px(y - height / 2)}" width="${px(width)}" height="${px(height)}" rx="4"/>`;
  const first = y - ((lines.length - 1) * LEADING) / 2 + 4;
  const words = lines.map((words, index) => text("condition", x, first + index * LEADING, words));
  const count = passages > 1 ? countBadge(x + width / 2 + 6, y - height / 2, passages) : "";
  return plate + words.join("") + count;
}

function classes({ kind }: GraphEdge, passages: number): string {
  return passages > 0 ? `${kind} taken` : kind;
}

function line(edge: GraphEdge, passages: number, path: string): string {
  return `<path class="line ${classes(edge, passages)}" d="${path}"/>`;
}

interface Tip {
  readonly x: number;
  readonly y: number;
  readonly towards: number;
}

function head(edge: GraphEdge, passages: number, { x, y, towards }: Tip): string {
  const back = px(-HEAD * towards);
  const path = `M${px(x)} ${px(y)}l-4 ${back}h8z`;
  return `<path class="head ${classes(edge, passages)}" d="${path}"/>`;
}

/** The line ends inside its arrowhead, so that its own end does not show at the tip. */
function shortened(stops: readonly Stop[], reversed: boolean): Stop[] {
  return stops.map((stop, index) => {
    if (reversed && index === 0) return { ...stop, top: stop.top + HEAD - 2 };
    if (!reversed && index === stops.length - 1) return { ...stop, bottom: stop.bottom - HEAD + 2 };
    return stop;
  });
}

function curve(stops: readonly Stop[]): string {
  let path = "";
  let previous: Stop | undefined;
  for (const stop of stops) {
    if (!previous) path = `M${px(stop.x)} ${px(stop.top)}`;
    else if (Math.abs(previous.x - stop.x) >= 0.1) {
      const middle = px((previous.bottom + stop.top) / 2);
      path += `V${px(previous.bottom)}C${px(previous.x)} ${middle} ${px(stop.x)} ${middle} ${px(stop.x)} ${px(stop.top)}`;
    }
    previous = stop;
  }
  return previous ? `${path}V${px(previous.bottom)}` : path;
}
