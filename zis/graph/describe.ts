/** What a picture shows, in words for those who do not see it. */
import { captionOf } from "./card.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/** A sentence for each node: what it is and where it leads. */
export function describe(graph: Graph): string {
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, label]));
  const leaving = Map.groupBy(graph.edges, ({ from }) => from);
  return graph.nodes
    .map((node) => sentence(node, leaving.get(node.id) ?? [], labels))
    .filter((words) => words !== "")
    .join(" ");
}

function sentence(
  node: GraphNode,
  edges: readonly GraphEdge[],
  labels: ReadonlyMap<string, string>,
): string {
  const targets = edges.map(({ to, label }) => {
    const name = `“${labels.get(to) ?? to}”`;
    return label === "" ? `then ${name}` : `${label}: ${name}`;
  });
  const ways = targets.join(", ");
  if (node.type === "Start") return ways === "" ? "No beginning." : `Begins: ${ways}.`;
  const inside = node.nested ? ` In it: ${describe(node.nested)} End of “${node.label}”.` : "";
  return `“${node.label}” (${captionOf(node)})${ways === "" ? "" : `: ${ways}`}.${inside}`;
}
