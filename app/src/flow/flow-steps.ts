/** The calls of a bundle's flows, in the order in which a run comes to them. Pure. */
import type { Bundle } from "#zis/model/bundle";

export interface FlowSteps {
  readonly flow: string;
  readonly steps: readonly FlowStep[];
}

export interface FlowStep {
  /** The state's name. */
  readonly title: string;
  /** An operation of our server, such as `capture-conversation`; null: an action of Zendesk's, which the server does not see. */
  readonly operation: string | null;
  /** Steps that every run takes before it comes here. */
  readonly needs: readonly string[];
}

/** Zendesk's own actions that are worth showing; its transforms only prepare data. */
const SHOWN = /^zis:common:action:/;
const OURS = /^zis:[^:]+:action:([a-z0-9_]+)$/;

/** The part of a state that is read here. */
interface State {
  readonly Type?: string;
  readonly ActionName?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next?: string }[];
  readonly Catch?: readonly { readonly Next?: string }[];
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export function flowsOf(bundle: Bundle): readonly FlowSteps[] {
  return Object.values(bundle.resources).flatMap((resource) => {
    if (resource.type !== "ZIS::Flow") return [];
    const definition = resource.properties.definition as unknown as Definition;
    return [{ flow: resource.properties.name, steps: stepsOf(definition) }];
  });
}

function stepsOf(definition: Definition): readonly FlowStep[] {
  const calls = inOrder(definition).flatMap((title) => {
    const { Type, ActionName = "" } = definition.States[title] ?? {};
    if (Type !== "Action") return [];
    const isZendesks = SHOWN.test(ActionName);
    const operation = isZendesks ? undefined : OURS.exec(ActionName)?.[1];
    if (!isZendesks && operation === undefined) return [];
    return [{ title, operation: operation?.replaceAll("_", "-") ?? null }];
  });
  const withoutEach = new Map(calls.map(({ title }) => [title, reached(definition, title)]));
  return calls.map((call) => ({
    ...call,
    needs: calls
      .map(({ title }) => title)
      .filter((other) => other !== call.title && !withoutEach.get(other)?.has(call.title)),
  }));
}

/** Sorts each state after those that lead to it; the way back of a retry does not count. */
function inOrder({ StartAt, States }: Definition): readonly string[] {
  const seen = new Set<string>();
  const ended: string[] = [];
  const visit = (name: string): void => {
    const state = States[name];
    if (state === undefined || seen.has(name)) return;
    seen.add(name);
    // Later branches first, so that the first branch comes first after the order is reversed.
    for (const next of nextOf(state).toReversed()) visit(next);
    ended.push(name);
  };
  visit(StartAt);
  return ended.toReversed();
}

/** The states that a run can come to when one of them is taken out. */
function reached({ StartAt, States }: Definition, without: string): ReadonlySet<string> {
  const seen = new Set(StartAt === without ? [] : [StartAt]);
  for (const name of seen) {
    for (const next of nextOf(States[name] ?? {})) if (next !== without) seen.add(next);
  }
  return seen;
}

function nextOf({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] {
  const all = [
    Next,
    ...Choices.map((choice) => choice.Next),
    Default,
    ...Catch.map((one) => one.Next),
  ];
  return all.filter((name) => name !== undefined);
}
