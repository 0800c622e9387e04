/** How the retry states of a call become one small note, so that the main way through the flow stands out. */
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/**
 * Replaces each retry group by a note of type `Retries`. A group is what a Catch leads to, if it
 * belongs to a call by its name (`Call: again?`), waits, and goes back to the call or to one state from which
 * the call is reached again; Choice, Wait, Pass and Fail states that belong to the same call are gathered.
 * Each state that leads into a group gets a note of its own, which says what happens then instead of drawing
 * the way back; other ways out stay drawn.
 */
export function collapse(graph: Graph): Graph {
  const nodes = graph.nodes.map((node) =>
    node.nested ? { ...node, nested: collapse(node.nested) } : node,
  );
  const whole: Graph = { nodes, edges: graph.edges };
  return retryGroups(whole).reduce(replaceGroup, whole);
}

interface Group {
  /** Where each retry begins: the call, or a state before it. */
  readonly again: GraphNode;
  readonly entry: string;
  readonly members: ReadonlyMap<string, GraphNode>;
}

const LIST = new Intl.ListFormat("en-GB");

const GATHERED: ReadonlySet<string> = new Set(["Choice", "Wait", "Pass", "Fail"]);

/** By their names: `Call: again?` belongs to `Call`. */
function belongsTo(state: GraphNode, call: GraphNode): boolean {
  return state.label.startsWith(`${call.label}: `);
}

function retryGroups(graph: Graph): Group[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const leaving = Map.groupBy(graph.edges, ({ from }) => from);
  const entries = new Set(graph.edges.filter(({ kind }) => kind === "catch").map(({ to }) => to));
  const groups: Group[] = [];
  for (const entry of [...entries].flatMap((id) => byId.get(id) ?? [])) {
    const call = graph.nodes.find(
      (node) => (node.type === "Action" || node.type === "Map") && belongsTo(entry, node),
    );
    if (!call) continue;
    const members = gather(entry, call, byId, leaving);
    const waits = [...members.values()].some(({ type }) => type === "Wait");
    const again = stateAgain(graph, call, members, leaving);
    if (waits && again) groups.push({ again, entry: entry.id, members });
  }
  return groups;
}

/** The one state that a group goes back to; undefined when there is none or more than one. */
function stateAgain(
  { nodes }: Graph,
  call: GraphNode,
  members: ReadonlyMap<string, GraphNode>,
  leaving: ReadonlyMap<string, readonly GraphEdge[]>,
): GraphNode | undefined {
  const waysOut = [...members.keys()].flatMap((id) => leaving.get(id) ?? []);
  const targets = new Set(waysOut.map(({ to }) => to).filter((id) => !members.has(id)));
  const back = [...targets].filter((id) => reaches(id, call.id, members, leaving));
  return back.length === 1 ? nodes.find(({ id }) => id === back[0]) : undefined;
}

/** True when one state leads to another, without errors and outside the group. */
function reaches(
  from: string,
  goal: string,
  members: ReadonlyMap<string, GraphNode>,
  leaving: ReadonlyMap<string, readonly GraphEdge[]>,
): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === goal) return true;
    for (const { to, kind } of leaving.get(id) ?? []) {
      if (kind !== "catch" && !members.has(to)) seen.add(to);
    }
  }
  return false;
}

function gather(
  entry: GraphNode,
  call: GraphNode,
  byId: ReadonlyMap<string, GraphNode>,
  leaving: ReadonlyMap<string, readonly GraphEdge[]>,
): Map<string, GraphNode> {
  const members = new Map<string, GraphNode>();
  const waiting = [entry];
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    if (members.has(node.id) || !GATHERED.has(node.type) || !belongsTo(node, call)) continue;
    members.set(node.id, node);
    waiting.push(...(leaving.get(node.id) ?? []).flatMap(({ to }) => byId.get(to) ?? []));
  }
  return members;
}

function replaceGroup(graph: Graph, group: Group): Graph {
  const { members, again } = group;
  const isInside = (id: string): boolean => members.has(id);
  const kept = graph.edges.filter(({ from, to }) => !isInside(from) && !isInside(to));
  const waysIn = graph.edges.filter(({ from, to }) => !isInside(from) && isInside(to));
  const waysOut = graph.edges.filter(
    ({ from, to }) => isInside(from) && !isInside(to) && to !== again.id,
  );
  // A group that overlaps one already replaced, or where a scope begins, stays as it is.
  const isWhole = [...members.keys()].every((id) => graph.nodes.some((node) => node.id === id));
  const sources = new Set(waysIn.map(({ from }) => from));
  if (!isWhole || graph.nodes.some(({ id, type }) => type === "Start" && sources.has(id)))
    return graph;
  const noteOf = (source: string): string => `${group.entry}~after${source}`;
  return {
    nodes: graph.nodes.flatMap((node) => [
      ...(isInside(node.id) ? [] : [node]),
      ...(sources.has(node.id) ? [note(noteOf(node.id), node, group, waysOut.length > 0)] : []),
    ]),
    edges: [
      ...kept,
      ...waysIn.map((edge) => ({ ...edge, to: noteOf(edge.from) })),
      ...[...sources].flatMap((source) =>
        waysOut.map((edge) => ({ ...edge, from: noteOf(source), label: wayOutLabel(edge) })),
      ),
    ],
  };
}

/** The Default of the Choice that counts the retries is taken when none is left. */
function wayOutLabel({ kind, label }: GraphEdge): string {
  return kind === "default" || label === "" ? "given up" : label;
}

function note(
  id: string,
  source: GraphNode,
  { again, members }: Group,
  goesOn: boolean,
): GraphNode {
  const all = [...members.values()];
  const seconds = all.filter(({ type }) => type === "Wait").map(({ detail }) => detail);
  const waits = seconds.every((text) => text.endsWith(" s"))
    ? `after ${LIST.format(seconds.map((text) => text.slice(0, -" s".length)))} s`
    : "after a wait";
  const fails = all.some(({ type }) => type === "Fail");
  return {
    id,
    label: source.id === again.id ? "Retries" : `Retries from ${again.label}`,
    type: "Retries",
    detail: fails ? `${waits}, then fails` : waits,
    comment: `Stands for: ${all.map(({ label }) => label).join(", ")}. Each retry begins at ${again.label}.`,
    terminal: fails && !goesOn,
    states: [...members.keys()],
  };
}
