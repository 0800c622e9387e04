/** The colours of the pictures, light and dark, and the style sheet made of them. */
import type { NodeType } from "./graph.ts";

interface Tone {
  readonly fill: string;
  readonly stroke: string;
  /** Of the small text below the name. */
  readonly caption: string;
}

export interface Palette {
  readonly background: string;
  readonly ink: string;
  readonly line: string;
  readonly error: string;
  /** Of the way that a run took. */
  readonly taken: string;
  readonly onTaken: string;
  readonly types: Readonly<Record<NodeType, Tone>>;
}

/** Text keeps a contrast of 4.5:1 to what is behind it, lines and borders 3:1 (WCAG 2.2 AA). */
export const LIGHT: Palette = {
  background: "#ffffff",
  ink: "#17212c",
  line: "#66758a",
  error: "#c23a3a",
  taken: "#a8128f",
  onTaken: "#ffffff",
  types: {
    Start: { fill: "#17212c", stroke: "#17212c", caption: "#4a5561" },
    Action: { fill: "#e9f2fe", stroke: "#2f6fc4", caption: "#1f5299" },
    Choice: { fill: "#fff5da", stroke: "#a86d00", caption: "#7a4f00" },
    Map: { fill: "#f8f5fe", stroke: "#7a4fc0", caption: "#5b359c" },
    Wait: { fill: "#e3f6f6", stroke: "#1d7f86", caption: "#125c62" },
    Pass: { fill: "#f1f3f6", stroke: "#6b7785", caption: "#4a5561" },
    Succeed: { fill: "#e4f6e9", stroke: "#2b8046", caption: "#1c5f32" },
    Fail: { fill: "#fdebeb", stroke: "#c23a3a", caption: "#952525" },
    Missing: { fill: "#ffffff", stroke: "#d01f1f", caption: "#b01717" },
    Unknown: { fill: "#ffffff", stroke: "#d01f1f", caption: "#b01717" },
    Retries: { fill: "#ffffff", stroke: "#7b8794", caption: "#4a5561" },
  },
};

export const DARK: Palette = {
  background: "#12171e",
  ink: "#e8edf3",
  line: "#93a1b0",
  error: "#f07474",
  taken: "#ff86dd",
  onTaken: "#2b0524",
  types: {
    Start: { fill: "#e8edf3", stroke: "#e8edf3", caption: "#bcc7d3" },
    Action: { fill: "#16304f", stroke: "#5b9bf0", caption: "#a9cdfb" },
    Choice: { fill: "#3a2e10", stroke: "#d9a32b", caption: "#f2d48a" },
    Map: { fill: "#1c1a2b", stroke: "#a98bea", caption: "#cdbbf7" },
    Wait: { fill: "#0f3638", stroke: "#3fb0b8", caption: "#93dfe4" },
    Pass: { fill: "#232a33", stroke: "#8796a6", caption: "#bcc7d3" },
    Succeed: { fill: "#143722", stroke: "#4fb873", caption: "#9fe0b5" },
    Fail: { fill: "#401a1d", stroke: "#f07474", caption: "#f9b8b8" },
    Missing: { fill: "#12171e", stroke: "#ff7a7a", caption: "#ffb0b0" },
    Unknown: { fill: "#12171e", stroke: "#ff7a7a", caption: "#ffb0b0" },
    Retries: { fill: "#12171e", stroke: "#8796a6", caption: "#bcc7d3" },
  },
};

/** The class of everything that belongs to a node of a type. */
export function typeClass(type: NodeType): string {
  return type.toLowerCase();
}

/** The style sheet of an SVG: light, and dark where the reader prefers it. Holds only within `.zis-graph`. */
export function styleSheet(): string {
  return `${SHAPES}\n${colours(LIGHT)}\n@media (prefers-color-scheme: dark) {\n${colours(DARK)}\n}`;
}

const SHAPES = `
.zis-graph text { font-family: Arial, "Helvetica Neue", "Liberation Sans", sans-serif; text-anchor: middle; }
.zis-graph .name { font-size: 13px; font-weight: 600; }
.zis-graph .caption { font-size: 11px; }
.zis-graph .condition, .zis-graph .count { font-size: 11px; }
.zis-graph .count { font-weight: 700; }
.zis-graph .shape { stroke-width: 1.4; stroke-linejoin: round; }
.zis-graph .line { fill: none; stroke-width: 1.5; stroke-linecap: round; }
.zis-graph .line.catch { stroke-dasharray: 5 4; }
.zis-graph .map > .shape { stroke-dasharray: 7 4; }
.zis-graph .retries > .shape { stroke-dasharray: 3 3; }
.zis-graph .missing > .shape, .zis-graph .unknown > .shape { stroke-dasharray: 5 3; stroke-width: 2; }
.zis-graph .line.taken { stroke-width: 3.5; }
.zis-graph .node.taken > .shape { stroke-width: 3; }`.trim();

function colours({ background, ink, line, error, taken, onTaken, types }: Palette): string {
  const rules = [
    [".canvas, .plate", `fill: ${background}`],
    [".map .plate", `fill: ${types.Map.fill}`],
    ["text", `fill: ${ink}`],
    [".line", `stroke: ${line}`],
    [".head", `fill: ${line}`],
    [".line.catch", `stroke: ${error}`],
    [".head.catch", `fill: ${error}`],
    ...Object.entries(types).flatMap(([type, { fill, stroke, caption }]) => {
      const name = type.toLowerCase();
      return [
        [`.${name} > .shape`, `fill: ${fill}; stroke: ${stroke}`],
        [`.${name} > .caption`, `fill: ${caption}`],
      ];
    }),
    [".line.taken, .node.taken > .shape", `stroke: ${taken}`],
    [".head.taken, .badge", `fill: ${taken}`],
    ["text.count", `fill: ${onTaken}`],
  ];
  return rules
    .map(([selectors = "", body]) => {
      const scoped = selectors.split(", ").map((selector) => `.zis-graph ${selector}`);
      return `${scoped.join(", ")} { ${body} }`;
    })
    .join("\n");
}
