/** How a node is drawn. */
import { CAPTION_LEADING, type Card, captionOf, NAME_LEADING, PADDING, SLANT } from "./card.ts";
import type { GraphNode, NodeType } from "./graph.ts";
import { escapeXml, widthOf } from "./text.ts";
import { typeClass } from "./theme.ts";

export interface Place {
  /** The middle. */
  readonly x: number;
  /** The upper edge. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A number as SVG wants it: at most one decimal. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/**
 * A node with its words; one that a run visited carries how often.
 *
 * @param inside the drawing of a Map's Iterator, which stands below the words.
 */
export function drawNode(
  node: GraphNode,
  card: Card,
  place: Place,
  visits: number,
  inside?: string,
): string {
  const room = inside === undefined ? place.height - card.height : 0;
  const top = place.y + room / 2 + PADDING;
  const below = top + card.lines.length * NAME_LEADING;
  return group(node, visits, [
    outline(node.type, place),
    ...card.lines.map((line, index) =>
      text("name", place.x, top + index * NAME_LEADING + 12, line),
    ),
    ...card.caption.map((line, index) =>
      text("caption", place.x, below + index * CAPTION_LEADING + 11, line),
    ),
    inside ?? "",
    badge(place, visits),
  ]);
}

function group(node: GraphNode, visits: number, parts: readonly string[]): string {
  const classes = ["node", typeClass(node.type), ...(visits > 0 ? ["taken"] : [])].join(" ");
  const visited = visits > 0 ? [`Visited: ${visits}`] : [];
  const title = [`${node.label} (${captionOf(node)})`, node.comment ?? "", ...visited];
  const words = escapeXml(title.filter((line) => line !== "").join("\n"));
  return `<g class="${classes}"><title>${words}</title>${parts.join("")}</g>`;
}

/** A line of text around its middle. */
export function text(name: string, x: number, baseline: number, words: string): string {
  return `<text class="${name}" x="${px(x)}" y="${px(baseline)}">${escapeXml(words)}</text>`;
}

function badge({ x, y, width }: Place, visits: number): string {
  return visits === 0 ? "" : countBadge(x + width / 2 - 4, y, visits);
}

/** How often something was passed, around a point. */
export function countBadge(x: number, y: number, count: number): string {
  const words = `${count}×`;
  const width = widthOf(words, 11) + 10;
  const pill = `<rect class="badge" x="${px(x - width / 2)}" y="${px(y - 9)}" width="${px(width)}" height="18" rx="9"/>`;
  return pill + text("count", x, y + 4, words);
}

function outline(type: NodeType, place: Place): string {
  const { x, y, width, height } = place;
  const [left, right, bottom, middle] = [x - width / 2, x + width / 2, y + height, y + height / 2];
  const [inLeft, inRight] = [left + SLANT[type], right - SLANT[type]];
  const [upper, lower] = [y + SLANT[type], bottom - SLANT[type]];
  if (type === "Start") {
    return `<circle class="shape" cx="${px(x)}" cy="${px(middle)}" r="${px(height / 2)}"/>`;
  }
  if (type === "Choice") {
    const upper = [left, middle, inLeft, y, inRight, y];
    return polygon(...upper, right, middle, inRight, bottom, inLeft, bottom);
  }
  if (type === "Wait") return polygon(inLeft, y, right, y, inRight, bottom, left, bottom);
  if (type === "Fail") {
    const head = [left, upper, inLeft, y, inRight, y, right, upper];
    return polygon(...head, right, lower, inRight, bottom, inLeft, bottom, left, lower);
  }
  if (type === "Succeed") return rectangle(place, height / 2);
  return rectangle(place, type === "Pass" ? 0 : 8);
}

function rectangle({ x, y, width, height }: Place, radius: number): string {
  return `<rect class="shape" x="${px(x - width / 2)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${px(radius)}"/>`;
}

/** @param corners x and y in turn. */
function polygon(...corners: readonly number[]): string {
  return `<polygon class="shape" points="${corners.map((value) => px(value)).join(" ")}"/>`;
}
