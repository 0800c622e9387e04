/** What the rules share and is costly to compute: done once, when first needed. */
import { refusalsOf } from "../model/upload.ts";
import { type Costs, costsOf, NO_START } from "./bounds.ts";
import type { Context, Scope, StateView } from "./context.ts";
import { type DataFlow, dataFlowOf, itemShape, startShape } from "./data-flow.ts";
import { ANYTHING, join, type Shape } from "./data-shape.ts";
import type { Graph } from "./explore.ts";
import { eventsByFlow, type FlowEvent, inputShape } from "./flow-events.ts";
import { child } from "./json-pointer.ts";
import { type ShapeError, shapeErrorsOf } from "./shape-errors.ts";
import { type ScopeSecrets, secretsByScope } from "./secrets.ts";
import { startOf } from "./targets.ts";
import { exploreScope, MAX_NODES_OF_BUNDLE, type Territory } from "./territory.ts";

interface ScopeAnalysis extends Territory {
  /** The data when a state is entered; undefined when it cannot be reached, or when finding out takes too long. */
  dataAt(view: StateView): Shape | undefined;
}

export interface Analysis {
  readonly shapeErrors: readonly ShapeError[];
  /** Pointers at which the registry refuses the bundle: rules about its shape are silent there. */
  readonly refused: ReadonlySet<string>;
  /** The documented events that start the flow of an outermost scope; undefined when it may be anything. */
  eventsOf(scope: Scope): readonly FlowEvent[] | undefined;
  /** Where the data of each scope hold credentials. */
  readonly secrets: readonly ScopeSecrets[];
  /** The state whose Iterator the scope is. */
  ownerOf(scope: Scope): StateView | undefined;
  /** Undefined when the scope cannot start. */
  scope(scope: Scope): ScopeAnalysis | undefined;
  /** The most that a scope costs: the whole flow, or one iteration. */
  costs(scope: Scope): Costs;
}

/** The analysis of a bundle. `budgets`: action name -> seconds. */
export function createAnalysis(context: Context, budgets: ReadonlyMap<string, number>): Analysis {
  const owners = ownersOf(context);
  const budget = { left: MAX_NODES_OF_BUNDLE };

  const events = eventsByFlow(context);
  const firstData = (scope: Scope): Shape => {
    const owner = owners.get(scope);
    if (owner === undefined) return startShape(inputShape(events.get(scope)));
    const data = scopeOf(owner.scope)?.dataAt(owner);
    return data === undefined ? ANYTHING : itemShape(data, owner.state["ItemsPath"]);
  };

  const scopeOf = memoize((scope: Scope): ScopeAnalysis | undefined => {
    const start = startOf(scope);
    if (start === undefined) return undefined;
    const explored = exploreScope(scope, start, budget);
    const shapes = once(() =>
      shapesByState(explored.graph, dataFlowOf(explored.graph, firstData(scope))),
    );
    return { ...explored, dataAt: (view) => shapes().get(view) };
  });

  const iterationCosts = ({ iterator }: StateView): Costs =>
    iterator === undefined ? NO_START : costs(iterator);

  const costs = memoize((scope: Scope): Costs => {
    const analysed = scopeOf(scope);
    if (analysed === undefined) return NO_START;
    return costsOf({ ...analysed, budgets, iteration: iterationCosts });
  });

  const shapeErrors = once(() => shapeErrorsOf(context.bundle));
  const secrets = once(() => [...secretsByScope(context)]);
  const refused = once(
    () => new Set(Array.from(refusalsOf(context.bundle), ({ path }) => child("", ...path))),
  );

  return {
    get refused() {
      return refused();
    },
    get secrets() {
      return secrets();
    },
    get shapeErrors() {
      return shapeErrors();
    },
    eventsOf: (scope) => events.get(scope),
    ownerOf: (scope) => owners.get(scope),
    scope: scopeOf,
    costs,
  };
}

function ownersOf({ states }: Context): ReadonlyMap<Scope, StateView> {
  return new Map(
    states.flatMap((view) => (view.iterator === undefined ? [] : [[view.iterator, view]])),
  );
}

/** What holds at each state on all ways to it. */
function shapesByState(graph: Graph, flow: DataFlow | undefined): ReadonlyMap<StateView, Shape> {
  const shapes = new Map<StateView, Shape>();
  for (const [index, { view }] of graph.entries()) {
    const shape = flow?.[index];
    if (shape === undefined) continue;
    const known = shapes.get(view);
    shapes.set(view, known === undefined ? shape : join(known, shape, { steps: 0 }));
  }
  return shapes;
}

function memoize<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, { value: V }>();
  return (key) => {
    const entry = known.get(key) ?? { value: compute(key) };
    known.set(key, entry);
    return entry.value;
  };
}

function once<V>(compute: () => V): () => V {
  let entry: { value: V } | undefined;
  return () => (entry ??= { value: compute() }).value;
}
