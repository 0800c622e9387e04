/** How edges that say the same become one: two rules of a Choice that lead to one state are one arrow. */
import type { Graph, GraphEdge } from "./graph.ts";

/** Joins edges between the same two nodes, their labels by "or"; a Catch stays by itself. */
export function mergeParallel(graph: Graph): Graph {
  const merged = new Map<string, GraphEdge>();
  for (const edge of graph.edges) {
    const key = `${edge.from}\n${edge.to}\n${edge.kind === "catch"}`;
    const first = merged.get(key);
    merged.set(key, first ? join(first, edge) : edge);
  }
  const nodes = graph.nodes.map((node) =>
    node.nested ? { ...node, nested: mergeParallel(node.nested) } : node,
  );
  return { nodes, edges: [...merged.values()] };
}

function join(first: GraphEdge, second: GraphEdge): GraphEdge {
  const labels = new Set([first.label, second.label].filter((label) => label !== ""));
  return {
    ...first,
    kind: second.kind,
    label: [...labels].join(" or "),
    transitions: [...new Set([...first.transitions, ...second.transitions])],
  };
}
