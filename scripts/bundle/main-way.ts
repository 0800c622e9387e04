/** In which order the steps of a flow are listed: the main way first, then the others. */
import type { Graph, GraphNode } from "#zis/graph/graph";

export interface Step {
  readonly node: GraphNode;
  /** Ways to other steps and to good ends; what leads to a failure is left out. */
  readonly ways: readonly Way[];
}

export interface Way {
  /** The condition; empty when there is none. */
  readonly label: string;
  readonly to: GraphNode;
}

export interface Steps {
  readonly main: readonly Step[];
  readonly aside: readonly Step[];
}

/**
 * The main way is the longest one from the start to a good end on which nothing fails; of two, the one whose
 * branch comes first. Ends are not steps.
 *
 * @param graph a flow with its steps folded
 */
export function stepsOf(graph: Graph): Steps {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const start = graph.nodes.find(({ type }) => type === "Start");
  const main = (start && longest(graph, start.id, new Set())) ?? [];
  const isStep = ({ id, type }: GraphNode): boolean =>
    type !== "Start" && type !== "Retries" && !isEnd(type) && byId.has(id);
  const toStep = (node: GraphNode): Step => ({ node, ways: waysOf(graph, node, byId) });
  const mainNodes = main.flatMap((id) => byId.get(id) ?? []);
  return {
    main: mainNodes.filter(isStep).map(toStep),
    aside: graph.nodes.filter((node) => isStep(node) && !main.includes(node.id)).map(toStep),
  };
}

/** True for the types at which a flow ends. */
export function isEnd(type: GraphNode["type"]): boolean {
  return type === "Succeed" || type === "Fail";
}

function waysOf({ edges }: Graph, { id }: GraphNode, byId: ReadonlyMap<string, GraphNode>): Way[] {
  return edges
    .filter(({ from }) => from === id)
    .flatMap(({ to, label }) => {
      const target = byId.get(to);
      if (!target || target.type === "Fail") return [];
      if (target.type !== "Retries") return [{ label, to: target }];
      const givenUp = edges
        .filter(({ from }) => from === to)
        .flatMap((edge) => byId.get(edge.to) ?? []);
      return givenUp.map((end) => ({ label: "all retries fail", to: end }));
    });
}

/** Ids along the longest way to a Succeed; undefined when there is none. */
function longest(graph: Graph, id: string, around: ReadonlySet<string>): string[] | undefined {
  const node = graph.nodes.find((each) => each.id === id);
  if (node?.type === "Succeed") return [id];
  const inside = new Set([...around, id]);
  let best: string[] | undefined;
  for (const { from, to, kind } of graph.edges) {
    if (from !== id || kind === "catch" || inside.has(to)) continue;
    const way = longest(graph, to, inside);
    if (way && (!best || way.length > best.length)) best = way;
  }
  return best && [id, ...best];
}
