/** A flow as a picture that stands alone: an SVG for light and dark pages. */
import { type Card, cardOf } from "./card.ts";
import { describe } from "./describe.ts";
import { drawLabel, drawLine, drawLoop, drawTie, type Edge, edgeLabel } from "./draw-edge.ts";
import { drawNode, px } from "./draw-node.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { layOut } from "./layout/layout.ts";
import type { Box, Link } from "./layout/proper.ts";
import { mergeParallel } from "./merge.ts";
import { NOTHING_TAKEN, passagesOf, type Taken, visitsOf } from "./taken.ts";
import { escapeXml } from "./text.ts";
import { styleSheet } from "./theme.ts";

export interface SvgOptions {
  /** The way of a run, to be highlighted. */
  readonly taken?: Taken;
  /** The picture's accessible name; "ZIS flow" when absent. */
  readonly title?: string;
}

/** Space around the picture, inside a Map, between a box and its note, and for a loop; in pixels. */
const MARGIN = 24;
const INSET = 20;
const NOTE_GAP = 22;
const LOOP = 26;

/**
 * Draws a graph from top to bottom: shape, colour and words say what a state is; dashed red lines are
 * Catches. Screen readers get the title and every transition in words. The same graph always gives the
 * same text.
 */
export function toSvg(graph: Graph, options: SvgOptions = {}): string {
  const { taken = NOTHING_TAKEN, title = "ZIS flow" } = options;
  const drawing = drawScope(mergeParallel(graph), taken);
  const [width, height] = [drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN].map((size) =>
    px(size),
  );
  const name = escapeXml(title);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="zis-graph" role="img" aria-label="${name}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${name}</title>`,
    `<desc>${escapeXml(describe(graph))}</desc>`,
    `<style>${styleSheet()}</style>`,
    `<rect class="canvas" width="100%" height="100%" rx="8"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})">`,
    ...drawing.parts,
    "</g>",
    "</svg>\n",
  ].join("\n");
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
}

/** A node with all that is placed together with it. */
interface Item {
  readonly node: GraphNode;
  readonly card: Card;
  readonly width: number;
  readonly height: number;
  readonly visits: number;
  readonly loops: readonly Edge[];
  readonly notes: readonly { readonly item: Item; readonly edge: Edge }[];
  /** The Iterator. */
  readonly inside?: Drawing;
}

function drawScope(graph: Graph, taken: Taken): Drawing {
  const edges = graph.edges.map((edge): Edge => ({
    edge,
    label: edgeLabel(edge.label),
    passages: passagesOf(taken, edge),
  }));
  const notes = notesOf(graph);
  const items = graph.nodes
    .filter(({ id }) => !notes.has(id))
    .map((node) => itemOf(node, graph, edges, notes, taken));
  const places = new Map(items.map(({ node }, index) => [node.id, index]));
  const drawn = edges.filter(({ edge }) => edge.from !== edge.to && !notes.has(edge.to));
  const layout = layOut(
    items.map((item) => boxOf(item)),
    drawn.map((edge) => linkOf(edge, places)),
  );
  const joined = drawn.flatMap((edge, index) => {
    const route = layout.routes[index];
    return route ? [{ edge, route }] : [];
  });
  // The way taken comes last, over the lines that share a trunk with it.
  const lines = joined.toSorted((one, other) => one.edge.passages - other.edge.passages);
  return {
    width: layout.width,
    height: layout.height,
    parts: [
      ...lines.map(({ edge, route }) => drawLine(edge, route)),
      ...lines.map(({ edge, route }) => (route.label ? drawLabel(edge, route.label) : "")),
      ...items.map((item, index) => drawItem(item, layout.boxes[index] ?? { x: 0, y: 0 })),
    ],
  };
}

/** The retry notes that hang on one state and lead nowhere: they are drawn beside it. */
function notesOf({ nodes, edges }: Graph): Set<string> {
  const notes = nodes.filter(({ id, type }) => {
    const waysIn = edges.filter(({ to }) => to === id);
    const isLeaf = edges.every(({ from }) => from !== id);
    return type === "Retries" && isLeaf && waysIn.length === 1 && waysIn[0]?.kind === "catch";
  });
  return new Set(notes.map(({ id }) => id));
}

function itemOf(
  node: GraphNode,
  graph: Graph,
  edges: readonly Edge[],
  notes: ReadonlySet<string>,
  taken: Taken,
): Item {
  const card = cardOf(node);
  const own = edges.filter(({ edge }) => edge.from === node.id);
  const hanging = own.flatMap((edge) => {
    const note = notes.has(edge.edge.to) && graph.nodes.find(({ id }) => id === edge.edge.to);
    return note ? [{ edge, item: itemOf(note, graph, [], notes, taken) }] : [];
  });
  const inside = node.nested && drawScope(node.nested, taken);
  const size = inside ? clusterSize(card, inside) : card;
  return {
    node,
    card,
    width: size.width,
    // As high as its notes, so that lines below it begin at its own edge.
    height: Math.max(size.height, ...hanging.map(({ item }) => item.height)),
    visits: visitsOf(taken, node, graph.edges),
    loops: own.filter(({ edge }) => edge.to === node.id),
    notes: hanging,
    ...(inside && { inside }),
  };
}

function clusterSize(card: Card, { width, height }: Drawing): { width: number; height: number } {
  return {
    width: Math.max(card.width, width + 2 * INSET),
    height: card.height + height + INSET,
  };
}

function boxOf({ node, card, width, height, loops, notes }: Item): Box {
  const loopRoom = loops.reduce((room, { label }) => Math.max(room, label?.width ?? 0), 0);
  const noteRoom = notes.reduce((room, { item }) => room + NOTE_GAP + item.width, 0);
  return {
    left: width / 2 + (loops.length > 0 ? LOOP + loopRoom : 0),
    right: width / 2 + noteRoom,
    height,
    reach: node.nested ? width / 2 - 16 : card.reach,
  };
}

function linkOf({ edge, label }: Edge, places: ReadonlyMap<string, number>): Link {
  return {
    from: places.get(edge.from) ?? 0,
    to: places.get(edge.to) ?? 0,
    aside: edge.kind === "catch",
    ...(label && { label }),
  };
}

function drawItem(item: Item, { x, y }: Point): string {
  const { node, card, width, height, visits, inside } = item;
  const place = { x, y, width, height };
  const within = inside && moved(inside, x - inside.width / 2, y + card.height);
  const box = drawNode(node, card, place, visits, within);
  const middle = y + height / 2;
  const left = x - width / 2;
  const loops = item.loops.map((edge) => {
    const labelX = left - LOOP - (edge.label?.width ?? 0) / 2;
    return drawLoop(edge, left, middle) + drawLabel(edge, { x: labelX, y: middle });
  });
  let right = x + width / 2;
  const notes = item.notes.map((note) => {
    const tie = drawTie(note.edge, right, right + NOTE_GAP, middle);
    const corner = { x: right + NOTE_GAP + note.item.width / 2, y: middle - note.item.height / 2 };
    right += NOTE_GAP + note.item.width;
    return tie + drawItem(note.item, corner);
  });
  return [box, ...loops, ...notes].join("");
}

function moved({ parts }: Drawing, x: number, y: number): string {
  return `<g transform="translate(${px(x)} ${px(y)})">${parts.join("")}</g>`;
}
