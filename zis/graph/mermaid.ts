/** A flow as a Mermaid diagram, for pages that render Mermaid. Source: mermaid.js.org, flowcharts. */
import { captionOf } from "./card.ts";
import type { Graph, GraphEdge, GraphNode, NodeType } from "./graph.ts";
import { mergeParallel } from "./merge.ts";
import { NOTHING_TAKEN, passagesOf, type Taken, visitsOf } from "./taken.ts";
import { oneLine } from "./text.ts";
import { LIGHT, typeClass } from "./theme.ts";

export interface MermaidOptions {
  /** The way of a run, to be highlighted. */
  readonly taken?: Taken;
}

const LONGEST_LABEL = 80;

/** The brackets that make the shape of a type. */
const BRACKETS: Readonly<Record<NodeType, readonly [open: string, close: string]>> = {
  Start: ["((", "))"],
  Action: ["[", "]"],
  Choice: ["{{", "}}"],
  Map: ["[", "]"],
  Wait: ["[/", "/]"],
  Pass: ["[", "]"],
  Succeed: ["([", "])"],
  Fail: ["[[", "]]"],
  Missing: ["[", "]"],
  Unknown: ["[", "]"],
  Retries: [">", "]"],
};

interface Page {
  readonly ids: ReadonlyMap<string, string>;
  readonly taken: Taken;
}

/** A flowchart from top to bottom; a Map is a subgraph. The same graph always gives the same text. */
export function toMermaid(graph: Graph, options: MermaidOptions = {}): string {
  const merged = mergeParallel(graph);
  const ids = new Map(everyNode(merged).map(({ id }, index) => [id, `n${index}`]));
  const page: Page = { ids, taken: options.taken ?? NOTHING_TAKEN };
  const edges = everyEdge(merged);
  const passed = edges.flatMap((edge, index) => (passagesOf(page.taken, edge) > 0 ? [index] : []));
  return [
    "flowchart TD",
    ...nodeLines(merged, page, "  "),
    ...edges.map((edge) => `  ${edgeLine(edge, page)}`),
    ...classLines(merged, page).map((line) => `  ${line}`),
    ...Object.entries(LIGHT.types).map(
      ([type, { fill, stroke }]) =>
        `  classDef ${type.toLowerCase()} fill:${fill},stroke:${stroke},color:${type === "Start" ? fill : LIGHT.ink}`,
    ),
    `  classDef taken stroke:${LIGHT.taken},stroke-width:4px`,
    ...(passed.length > 0
      ? [`  linkStyle ${passed.join(",")} stroke:${LIGHT.taken},stroke-width:4px`]
      : []),
    "",
  ].join("\n");
}

function everyNode(graph: Graph): GraphNode[] {
  return graph.nodes.flatMap((node) => [node, ...(node.nested ? everyNode(node.nested) : [])]);
}

function everyEdge(graph: Graph): GraphEdge[] {
  return [
    ...graph.edges,
    ...graph.nodes.flatMap(({ nested }) => (nested ? everyEdge(nested) : [])),
  ];
}

function nodeLines(graph: Graph, page: Page, indent: string): string[] {
  return graph.nodes.flatMap((node) => {
    const id = page.ids.get(node.id) ?? "";
    const visits = visitsOf(page.taken, node, graph.edges);
    const words = node.type === "Start" ? "start" : label(node, visits);
    if (node.nested) {
      return [
        `${indent}subgraph ${id}["${words}"]`,
        ...nodeLines(node.nested, page, `${indent}  `),
        `${indent}end`,
      ];
    }
    const [open, close] = BRACKETS[node.type];
    return [`${indent}${id}${open}"${words}"${close}`];
  });
}

/** Which nodes are of which class: one line for each class. */
function classLines(graph: Graph, { ids, taken }: Page): string[] {
  const members = new Map<string, string[]>();
  const visit = ({ nodes, edges }: Graph): void => {
    for (const node of nodes) {
      const classes = [typeClass(node.type)];
      if (visitsOf(taken, node, edges) > 0) classes.push("taken");
      for (const name of classes) {
        members.set(name, [...(members.get(name) ?? []), ids.get(node.id) ?? ""]);
      }
      if (node.nested) visit(node.nested);
    }
  };
  visit(graph);
  return [...members].map(([name, nodes]) => `class ${nodes.join(",")} ${name}`);
}

function label(node: GraphNode, visits: number): string {
  const name = escapeMermaid(node.type === "Retries" ? `↻ ${node.label}` : node.label);
  const count = visits > 0 ? ` · ${visits}×` : "";
  return `${name}<br/><small>${escapeMermaid(captionOf(node))}${count}</small>`;
}

function edgeLine(edge: GraphEdge, { ids, taken }: Page): string {
  const arrow = edge.kind === "catch" ? "-.->" : "-->";
  const passages = passagesOf(taken, edge);
  const count = passages > 1 ? [`${passages}×`] : [];
  const words = [...(edge.label === "" ? [] : [escapeMermaid(edge.label)]), ...count].join(" · ");
  const middle = words === "" ? "" : `|"${words}"|`;
  return `${ids.get(edge.from) ?? ""} ${arrow}${middle} ${ids.get(edge.to) ?? ""}`;
}

/** Text inside quotes: what Mermaid or its HTML labels would take for markup becomes entity codes. */
function escapeMermaid(text: string): string {
  const line = oneLine(text);
  const cut = line.length > LONGEST_LABEL ? `${line.slice(0, LONGEST_LABEL - 1)}…` : line;
  return cut.toWellFormed().replaceAll(/[#"&<>`\\]/g, (char) => `#${char.codePointAt(0)};`);
}
