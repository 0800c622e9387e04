/** Which states, branches and Catches of the flows the runs of a suite took. */
import { compileCondition } from "#zis/engine/choice";
import type { StepTrace } from "#zis/engine/step-trace";
import { DEFAULT_SWITCHES } from "#zis/engine/switches";
import type { ChoiceState, FlowDefinition, State } from "#zis/model/flow";

type Kind = "states" | "branches" | "catches";

/** What a flow has, by kind: `Name`, `Name: rule 0 to Next`, `Name: Default to Next`. */
export type Places = Readonly<Record<Kind, ReadonlySet<string>>>;

/** Everything in a flow that a suite has to reach, states inside Maps included. */
export function placesOf(definition: FlowDefinition): Places {
  const states = statesOf(definition);
  return {
    states: new Set(states.keys()),
    branches: new Set([...states].flatMap(([name, state]) => branchesOf(name, state))),
    catches: new Set([...states].flatMap(([name, state]) => (hasCatch(state) ? [name] : []))),
  };
}

/** What the steps of runs of one flow reached. */
export function placesReached(definition: FlowDefinition, steps: readonly StepTrace[]): Places {
  const states = statesOf(definition);
  const reached = {
    states: new Set<string>(),
    branches: new Set<string>(),
    catches: new Set<string>(),
  };
  for (const step of steps) {
    const state = states.get(step.state);
    reached.states.add(step.state);
    if (state?.Type === "Choice") reached.branches.add(branchTaken(step, state));
    if (step.error && step.next !== null) reached.catches.add(step.state);
  }
  return reached;
}

/** A table with one line a flow, and a line for each place that was missed. */
export function coverageTable(rows: readonly { flow: string; all: Places; reached: Places }[]): {
  readonly text: string;
  readonly missed: readonly string[];
} {
  const kinds: readonly Kind[] = ["states", "branches", "catches"];
  const lines = rows.map(({ flow, all, reached }) => {
    const cells = kinds.map((kind) => `${common(all[kind], reached[kind])}/${all[kind].size}`);
    return [flow, ...cells].map((cell, column) => cell.padEnd(column === 0 ? 30 : 10)).join("");
  });
  const missed = rows.flatMap(({ flow, all, reached }) =>
    kinds.flatMap((kind) =>
      [...all[kind]]
        .filter((place) => !reached[kind].has(place))
        .map((place) => `${flow}: ${kind}: ${place}`),
    ),
  );
  const head = ["flow".padEnd(30), ...kinds.map((kind) => kind.padEnd(10))].join("");
  return { text: [head, ...lines].join("\n"), missed };
}

function common(all: ReadonlySet<string>, reached: ReadonlySet<string>): number {
  return [...all].filter((place) => reached.has(place)).length;
}

function statesOf(definition: FlowDefinition): Map<string, State> {
  const states = new Map(Object.entries(definition.States));
  for (const state of Object.values(definition.States)) {
    if (state.Type !== "Map") continue;
    for (const [name, inner] of statesOf(state.Iterator)) states.set(name, inner);
  }
  return states;
}

function hasCatch(state: State): boolean {
  return (state.Type === "Action" || state.Type === "Map") && state.Catch !== undefined;
}

function branchesOf(name: string, state: State): string[] {
  if (state.Type !== "Choice") return [];
  return [
    ...state.Choices.map((rule, index) => `${name}: rule ${index} to ${rule.Next}`),
    `${name}: Default to ${state.Default}`,
  ];
}

function branchTaken(step: StepTrace, state: ChoiceState): string {
  const scope = { data: step.input, switches: DEFAULT_SWITCHES, query: undefined, warnings: [] };
  const index = state.Choices.findIndex((rule) => compileCondition(rule)(scope));
  const rule = index < 0 ? "Default" : `rule ${index}`;
  return `${step.state}: ${rule} to ${step.next}`;
}
