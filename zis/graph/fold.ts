/** How the states of one step become one box, so that a picture shows what its reader has to know. */
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { mergeParallel } from "./merge.ts";

/** Between the name of a step and the rest of the names of its states: `Load settings: check`. */
const SEPARATOR = ": ";

/**
 * Draws each step as one box: a state, and the states whose names begin with its name. What can go wrong in a
 * step is one red box beside it; retries that end in a failure are a mark on the box. Good ends stay by
 * themselves.
 *
 * @param graph a graph with its retries collapsed
 */
export function foldSteps(graph: Graph): Graph {
  const heads = headsOf(graph);
  const folded = [...Map.groupBy(graph.nodes, (node) => heads.get(node.id) ?? node.id)].map(
    ([head, members]) => foldStep(graph, head, members, heads),
  );
  return mergeParallel({
    nodes: folded.flatMap(({ nodes }) => nodes),
    edges: folded.flatMap(({ edges }) => edges),
  });
}

/** The id of the step that each node belongs to. */
function headsOf({ nodes, edges }: Graph): Map<string, string> {
  const sourceOf = new Map(edges.map(({ from, to }) => [to, from]));
  const heads = new Map<string, string>();
  for (const node of nodes) {
    const owner = node.type === "Retries" ? sourceOf.get(node.id) : node.id;
    const { label = "" } = nodes.find(({ id }) => id === owner) ?? {};
    const candidates = nodes.filter(
      (each) => canLead(each) && label.startsWith(each.label + SEPARATOR),
    );
    const [shortest] = candidates.sort((a, b) => a.label.length - b.label.length);
    heads.set(node.id, node.type === "Succeed" ? node.id : (shortest?.id ?? owner ?? node.id));
  }
  return heads;
}

/** What a step can begin with. */
function canLead({ type }: GraphNode): boolean {
  return !["Start", "Missing", "Retries", "Succeed", "Fail"].includes(type);
}

/** The boxes of one step, and the ways out of them. */
function foldStep(
  graph: Graph,
  headId: string,
  members: readonly GraphNode[],
  heads: ReadonlyMap<string, string>,
): Graph {
  const head = members.find(({ id }) => id === headId);
  const ids = new Set(members.map(({ id }) => id));
  const own = graph.edges.filter(({ from }) => ids.has(from));
  const led = (edges: readonly GraphEdge[]): GraphEdge[] =>
    edges.map((edge) => ({ ...edge, to: entered(edge, graph, heads) }));
  if (!head || members.length === 1) return { nodes: members, edges: led(own) };
  const retries = members.filter(({ type }) => type === "Retries");
  const fails = members.filter((node) => node !== head && node.type === "Fail");
  const leaving = led(own.filter(({ to }) => !ids.has(to)));
  const isGivenUp = ({ from }: GraphEdge): boolean => retries.some(({ id }) => id === from);
  const ways = leaving.filter((edge) => !isGivenUp(edge));
  const givenUp = leaving.filter(isGivenUp);
  const note = givenUp.length > 0 ? retries[0] : undefined;
  const marked = note ? [] : retries;
  const red = failure(head, fails);
  const parts = members.filter(({ type }) => type !== "Retries" && type !== "Fail");
  return {
    nodes: [box(head, parts, marked), ...(note ? [note] : []), ...(red ? [red] : [])],
    edges: [
      ...plain(ways).map((edge) => ({ ...edge, from: head.id })),
      ...(note ? [caught(head.id, note.id, own, retries)] : []),
      ...(note ? givenUp.map((edge) => ({ ...edge, from: note.id })) : []),
      ...(red ? [caught(head.id, red.id, own, fails)] : []),
    ],
  };
}

/** Where an edge leads when steps are one box: to the box, or to the red box beside it. */
function entered({ to }: GraphEdge, { nodes }: Graph, heads: ReadonlyMap<string, string>): string {
  const type = nodes.find(({ id }) => id === to)?.type;
  const head = heads.get(to) ?? to;
  if (type === "Retries" || head === to) return to;
  if (type !== "Fail") return head;
  const fails = nodes.filter((node) => node.type === "Fail" && heads.get(node.id) === head);
  return fails.length > 1 ? redId(head) : to;
}

function redId(head: string): string {
  return `${head}~fails`;
}

function box(
  head: GraphNode,
  parts: readonly GraphNode[],
  retries: readonly GraphNode[],
): GraphNode {
  const calls = new Set(parts.flatMap((node) => callsOf(node)));
  if (calls.size > 1) calls.delete("Jq");
  const names = parts.map(({ label }) => label).join(", ");
  const { nested: _inside, ...rest } = head;
  return {
    ...rest,
    type: calls.size > 0 ? "Action" : head.type,
    detail: [
      ...(calls.size > 0 ? [[...calls].join(", ")] : []),
      ...(retries.length > 0 ? [RETRIED] : []),
    ].join(" · "),
    comment:
      parts.length === 1 ? head.comment : `${head.comment ?? ""}\nStands for: ${names}.`.trim(),
    terminal: parts.some(({ terminal }) => terminal),
    states: [...parts, ...retries].flatMap(({ states }) => states),
  };
}

/** The mark of a step whose failed calls are made again before it fails. */
const RETRIED = "retried";

function callsOf({ type, detail, nested }: GraphNode): string[] {
  if (type === "Action") return [detail];
  return nested?.nodes.flatMap((node) => callsOf(node)) ?? [];
}

/** The one red box of a step; a single Fail stays as it is. */
function failure(head: GraphNode, fails: readonly GraphNode[]): GraphNode | undefined {
  const [first] = fails;
  if (!first || fails.length === 1) return first;
  return {
    ...first,
    id: redId(head.id),
    label: `${head.label} fails`,
    detail: [...new Set(fails.map(({ detail }) => detail))].join(", "),
    comment: `Stands for: ${fails.map(({ label }) => label).join(", ")}.`,
    states: fails.flatMap(({ states }) => states),
  };
}

function caught(
  from: string,
  to: string,
  own: readonly GraphEdge[],
  targets: readonly GraphNode[],
): GraphEdge {
  const edges = own.filter((edge) => targets.some(({ id }) => id === edge.to));
  const transitions = edges.flatMap((edge) => edge.transitions);
  const [only] = edges;
  const isRule = edges.length === 1 && only?.kind !== "catch";
  return {
    from,
    to,
    kind: isRule ? "default" : "catch",
    label: isRule ? (only?.label ?? "") : "on error",
    transitions,
  };
}

/** Ways that no error takes need no words when they all lead to one place. */
function plain(ways: readonly GraphEdge[]): GraphEdge[] {
  const ordinary = ways.filter(({ kind }) => kind !== "catch");
  const isOne = new Set(ordinary.map(({ to }) => to)).size === 1;
  if (!isOne) return [...ways];
  return ways.map((edge) => (edge.kind === "catch" ? edge : { ...edge, kind: "next", label: "" }));
}
