/** What is written on a node and how much room it needs. */
import type { GraphNode, NodeType } from "./graph.ts";
import { widthOf, wrap } from "./text.ts";

export interface Card {
  readonly lines: readonly string[];
  readonly caption: readonly string[];
  readonly width: number;
  readonly height: number;
  /** How far from its middle the upper and lower edge are flat. */
  readonly reach: number;
}

const NAME_SIZE = 13;
const CAPTION_SIZE = 11;
export const NAME_LEADING = 16;
export const CAPTION_LEADING = 14;
export const PADDING = 9;
const NAME_WIDTH = 190;
const CAPTION_WIDTH = 210;
const LEAST_WIDTH = 84;

/** Sides that are not straight up take room from the text: pixels on each side. */
export const SLANT: Readonly<Record<NodeType, number>> = {
  Start: 0,
  Action: 0,
  Choice: 16,
  Map: 0,
  Wait: 10,
  Pass: 0,
  Succeed: 12,
  Fail: 8,
  Missing: 0,
  Unknown: 0,
  Retries: 0,
};

/** The words below the name: type, what it does, and whether the flow ends there. */
export function captionOf({ type, detail, terminal }: GraphNode): string {
  if (type === "Retries") return detail;
  const ends = terminal && type !== "Succeed" && type !== "Fail" ? "ends here" : "";
  const kind = type === "Unknown" ? "unknown type" : type;
  return [kind, detail, ends].filter((part) => part !== "").join(" · ");
}

/** The words on a node, in lines, and its size in pixels. */
export function cardOf(node: GraphNode): Card {
  if (node.type === "Start") return { lines: [], caption: [], width: 16, height: 16, reach: 0 };
  const isNote = node.type === "Retries";
  const lines = wrap(isNote ? `↻ ${node.label}` : node.label, NAME_SIZE, NAME_WIDTH, 3);
  const caption = wrap(captionOf(node), CAPTION_SIZE, CAPTION_WIDTH, 2);
  const text = Math.max(
    ...lines.map((line) => widthOf(line, NAME_SIZE)),
    ...caption.map((line) => widthOf(line, CAPTION_SIZE)),
  );
  const slant = SLANT[node.type];
  const width = Math.ceil(Math.max(LEAST_WIDTH, text + 2 * (PADDING + slant)));
  const height = 2 * PADDING + lines.length * NAME_LEADING + caption.length * CAPTION_LEADING;
  return { lines, caption, width, height, reach: width / 2 - slant - 8 };
}
