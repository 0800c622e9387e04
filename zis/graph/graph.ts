/** What a flow looks like as nodes and edges, whatever state the flow is in. */
import type { FlowDefinition, StateType } from "../model/flow.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { STATE_TYPES } from "../model/schema.ts";
import { conditionText, pathText } from "./condition.ts";

/**
 * The state types, and four that only pictures have: where a scope begins; a target that no state has;
 * a state whose Type is not one of the seven; and a note that stands for a group of retry states.
 */
export type NodeType = StateType | "Start" | "Missing" | "Unknown" | "Retries";

export interface GraphNode {
  /** Unique in the whole picture, clusters included: the names of the Maps around it and its own. */
  readonly id: string;
  /** The name of the state. */
  readonly label: string;
  readonly type: NodeType;
  /** What the state does, in a few words: the action's name, the seconds of a Wait. May be empty. */
  readonly detail: string;
  readonly comment: string | undefined;
  /** True when the scope ends here. */
  readonly terminal: boolean;
  /** The ids of the states that the node stands for: none for what is not a state, several for a group. */
  readonly states: readonly string[];
  /** The Iterator of a Map. */
  readonly nested?: Graph;
}

type EdgeKind = "next" | "choice" | "default" | "catch";

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** Short text of the condition; empty for `next`. */
  readonly label: string;
  /** Keys (`transitionKey`) of the transitions that the edge stands for; none for the way in. */
  readonly transitions: readonly string[];
}

/** One scope: a flow, or the Iterator of a Map. Each edge joins two nodes of its own scope. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Names a transition. Two rules of a Choice that lead to the same state cannot be distinguished in a run. */
export function transitionKey(from: string, to: string, caught: boolean): string {
  return `${from}\n${to}\n${caught ? "caught" : "ok"}`;
}

/** The id of a state, from the id of the Map around it ("" in the flow itself). */
export function nodeId(scope: string, name: string): string {
  return `${scope}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * A flow as a graph: a node for where it begins, one for each state in the order of the file, then one for
 * each name that is referred to but not defined. A Map holds the graph of its Iterator.
 *
 * Never throws: whatever is not shaped like a flow is left out or becomes an `Unknown` node.
 */
export function flowGraph(definition: FlowDefinition): Graph {
  return scopeGraph(definition, "");
}

interface Target {
  readonly name: string;
  readonly kind: EdgeKind;
  readonly label: string;
}

function scopeGraph(definition: unknown, scope: string): Graph {
  const { StartAt, States } = isJsonObject(definition) ? definition : {};
  const states = isJsonObject(States) ? Object.entries(States) : [];
  const start: GraphNode = {
    id: `${scope}/~start`,
    label: "start",
    type: "Start",
    detail: "",
    comment: undefined,
    terminal: false,
    states: [],
  };
  const nodes = states.map(([name, state]) => stateNode(scope, name, state));
  const edges = states.flatMap(([name, state]) =>
    targetsOf(state).map((target) => edgeTo(scope, nodeId(scope, name), target)),
  );
  const named = states.flatMap(([, state]) => targetsOf(state)).map(({ name }) => name);
  if (typeof StartAt === "string") named.unshift(StartAt);
  const defined = new Set(states.map(([name]) => name));
  const missing = [...new Set(named)].filter((name) => !defined.has(name));
  const wayIn: GraphEdge[] =
    typeof StartAt === "string"
      ? [{ from: start.id, to: nodeId(scope, StartAt), kind: "next", label: "", transitions: [] }]
      : [];
  return {
    nodes: [start, ...nodes, ...missing.map((name) => missingNode(scope, name))],
    edges: [...wayIn, ...edges],
  };
}

function edgeTo(scope: string, from: string, { name, kind, label }: Target): GraphEdge {
  const to = nodeId(scope, name);
  return { from, to, kind, label, transitions: [transitionKey(from, to, kind === "catch")] };
}

function missingNode(scope: string, name: string): GraphNode {
  return {
    id: nodeId(scope, name),
    label: name,
    type: "Missing",
    detail: "no such state",
    comment: undefined,
    terminal: false,
    states: [],
  };
}

function stateNode(scope: string, label: string, value: unknown): GraphNode {
  const id = nodeId(scope, label);
  const state = isJsonObject(value) ? value : {};
  const type = typeOf(state);
  const comment = typeof state["Comment"] === "string" ? state["Comment"] : undefined;
  return {
    id,
    label,
    type,
    detail: detailOf(type, state),
    comment,
    states: [id],
    terminal: type === "Succeed" || type === "Fail" || state["End"] === true,
    ...(type === "Map" && { nested: scopeGraph(state["Iterator"], id) }),
  };
}

function typeOf(state: JsonObject): StateType | "Unknown" {
  const type = STATE_TYPES.find((known) => known === state["Type"]);
  return type === undefined ? "Unknown" : (type as StateType);
}

function detailOf(type: NodeType, state: JsonObject): string {
  const text = (member: string): string => {
    const value = state[member];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  if (type === "Action") return text("ActionName").split(":").at(-1) ?? "";
  if (type === "Map") return `for each of ${pathText(text("ItemsPath"))}`;
  if (type === "Fail") return text("Error");
  if (type === "Unknown") return text("Type");
  if (type !== "Wait") return "";
  return state["Seconds"] === undefined ? pathText(text("SecondsPath")) : `${text("Seconds")} s`;
}

/** Every state that a state may lead to, in the order in which ZIS would consider them. */
function targetsOf(state: unknown): Target[] {
  if (!isJsonObject(state)) return [];
  const { Type, Next, Default, Choices, Catch } = state;
  if (Type === "Succeed" || Type === "Fail") return [];
  const rules = Type === "Choice" ? objects(Choices) : [];
  const catchers = Type === "Choice" ? [] : objects(Catch);
  return [
    ...rules.map((rule) => target(rule["Next"], "choice", conditionText(rule))),
    target(Type === "Choice" ? Default : Next, Type === "Choice" ? "default" : "next"),
    ...catchers.map((catcher) => target(catcher["Next"], "catch")),
  ].filter((found) => found !== undefined);
}

const LABELS: Readonly<Record<EdgeKind, string>> = {
  next: "",
  choice: "",
  default: "otherwise",
  catch: "on error",
};

function target(name: unknown, kind: EdgeKind, label = LABELS[kind]): Target | undefined {
  return typeof name === "string" ? { name, kind, label } : undefined;
}

function objects(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter((entry) => isJsonObject(entry)) : [];
}
