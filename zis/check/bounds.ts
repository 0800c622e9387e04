/**
 * The most transitions and seconds that a flow can take: the longest path through its graph. What is not
 * bounded has a reason instead of a number. Nothing is cut off at the limits of ZIS.
 *
 * A transition is counted for each state entered, those of every Map iteration included (as the engine
 * counts). Pass, Choice, Succeed and Fail take no time; an action takes its budget at most.
 */
import { isBuiltInAction, JQ_ACTION, parseResourceName } from "../model/names.ts";
import { type StateView, text } from "./context.ts";
import { type Graph, itemsOf, MAX_MAP_ITEMS, type Node } from "./explore.ts";
import type { Tracker } from "./facts.ts";
import { describeLoop, ordered, whyEndless } from "./loops.ts";

export interface Bound {
  /** Null when there is none; `why` says why, or on what assumptions the number rests. */
  readonly max: number | null;
  readonly why?: string;
}

export interface FlowBound {
  readonly flow: string;
  readonly transitions: Bound;
  readonly seconds: Bound;
}

/** A number with its reasons one by one, so that none is repeated when costs are added up. */
interface Cost {
  readonly max: number | null;
  readonly reasons: readonly string[];
}

/** The costs of one scope or one state. */
export interface Costs {
  readonly transitions: Cost;
  readonly seconds: Cost;
}

/** Seconds that a custom action without a budget is taken to need. */
export const DEFAULT_ACTION_SECONDS = 10;
/** Seconds that a built-in action is taken to need at most; ZIS publishes none. */
export const BUILT_IN_SECONDS = 2;
/** Seconds that a jq program is taken to need at most; ZIS publishes no limit, and programs of flows take milliseconds. */
export const JQ_SECONDS = 1;

export interface BoundsInput {
  readonly graph: Graph;
  readonly tracker: Tracker;
  /** False when constants were dropped because they had too many combinations. */
  readonly isComplete: boolean;
  /** Action name -> seconds. */
  readonly budgets: ReadonlyMap<string, number>;
  /** The bounds of one iteration of a Map state. */
  readonly iteration: (map: StateView) => Costs;
}

/** The bounds of a flow, from the costs of its outermost scope. */
export function toFlowBound(flow: string, { transitions, seconds }: Costs): FlowBound {
  return { flow, transitions: toBound(transitions), seconds: toBound(seconds) };
}

function toBound({ max, reasons }: Cost): Bound {
  return reasons.length === 0 ? { max } : { max, why: reasons.join(" ") };
}

/** The costs of a scope that cannot start. */
export const NO_START: Costs = unbounded("StartAt names no state.");

/** The most that one scope costs. */
export function costsOf(input: BoundsInput): Costs {
  const order = ordered(input.graph);
  if ("loop" in order) return unbounded(`${describeLoop(order.loop)} ${whyEndless(input)}.`);
  const costs = input.graph.map((node) => costsOfNode(node, input));
  return {
    transitions: longest(input.graph, order.leavesFirst, costs, "transitions"),
    seconds: longest(input.graph, order.leavesFirst, costs, "seconds"),
  };
}

function unbounded(reason: string): Costs {
  const cost = { max: null, reasons: [reason] };
  return { transitions: cost, seconds: cost };
}

function longest(
  graph: Graph,
  leavesFirst: readonly number[],
  costs: readonly Costs[],
  measure: keyof Costs,
): Cost {
  const totals = new Map<number, number>();
  const reasons = new Set<string>();
  for (const index of leavesFirst) {
    const own = costs[index]?.[measure] ?? FREE;
    if (own.max === null) return own;
    for (const reason of own.reasons) reasons.add(reason);
    const ahead = (graph[index]?.ways ?? []).map(({ to }) =>
      to === undefined ? 0 : (totals.get(to) ?? 0),
    );
    const total = own.max + ahead.reduce((a, b) => Math.max(a, b), 0);
    if (!Number.isFinite(total)) return TOO_MUCH;
    totals.set(index, total);
  }
  return { max: totals.get(0) ?? 0, reasons: [...reasons].toReversed() };
}

const TOO_MUCH: Cost = { max: null, reasons: ["The sum is larger than any number."] };
const FREE: Cost = { max: 0, reasons: [] };
const ONE: Cost = { max: 1, reasons: [] };

function costsOfNode(node: Node, input: BoundsInput): Costs {
  if (node.view.type === "Map") return mapCosts(node, input);
  return { transitions: ONE, seconds: secondsOf(node, input) };
}

function mapCosts(node: Node, { tracker, iteration }: BoundsInput): Costs {
  const items = itemsOf(node, tracker);
  if (items === 0) return { transitions: ONE, seconds: FREE };
  const assumed =
    items === MAX_MAP_ITEMS ? [`Map ${quote(node.view.name)} may have ${items} items.`] : [];
  const repeat = (own: number, { max, reasons }: Cost): Cost =>
    max === null ? { max, reasons } : { max: own + items * max, reasons: [...assumed, ...reasons] };
  const { transitions, seconds } = iteration(node.view);
  return { transitions: repeat(1, transitions), seconds: repeat(0, seconds) };
}

function secondsOf(node: Node, input: BoundsInput): Cost {
  const { state, type } = node.view;
  if (type === "Action") return actionSeconds(text(state["ActionName"]) ?? "", input.budgets);
  return type === "Wait" ? waitSeconds(node, input.tracker) : FREE;
}

function actionSeconds(actionName: string, budgets: ReadonlyMap<string, number>): Cost {
  if (actionName === JQ_ACTION) return { max: JQ_SECONDS, reasons: [] };
  if (isBuiltInAction(actionName)) return { max: BUILT_IN_SECONDS, reasons: [] };
  const name = parseResourceName(actionName)?.name ?? actionName;
  const budget = budgets.get(name) ?? budgets.get(actionName);
  if (budget !== undefined) return { max: budget, reasons: [] };
  const reason = `Action ${quote(name)} has no budget; ${DEFAULT_ACTION_SECONDS} s are assumed.`;
  return { max: DEFAULT_ACTION_SECONDS, reasons: [reason] };
}

function waitSeconds({ view, facts }: Node, tracker: Tracker): Cost {
  const { Seconds: seconds, SecondsPath: path } = view.state;
  if (typeof seconds === "number") return { max: Math.max(0, seconds), reasons: [] };
  if (typeof path !== "string") return FREE;
  const fact = tracker.read(facts, path);
  if (fact?.kind === "absent") return FREE;
  if (fact?.kind === "value") {
    return { max: typeof fact.value === "number" ? Math.max(0, fact.value) : 0, reasons: [] };
  }
  const reason = `Wait ${quote(view.name)} waits as long as ${path} says, which is not known.`;
  return { max: null, reasons: [reason] };
}

function quote(name: string): string {
  return JSON.stringify(name);
}
