/** What each state of a run did: its data after parameters, its result, the data after ResultPath, what followed. */
import { isDeepStrictEqual } from "node:util";
import type { StepTrace } from "../engine/step-trace.ts";
import type { Json } from "../model/json.ts";
import { outline, outlineOfChange } from "./outline.ts";
import { visible } from "../model/visible.ts";
import { indented, type Style } from "../terminal/style.ts";

/** One state, as `run --explain --json` prints it. */
export interface ExplainedStep {
  readonly state: string;
  readonly type: string;
  /** Indexes of the Map items around the state, outermost first. */
  readonly iterations: readonly number[];
  /** The data when the state was entered. */
  readonly input: Json;
  /** Action: the Parameters filled in. Map: the items. */
  readonly parameters?: Json;
  /** What an action returned, a Map gathered, a Pass put in, or a Catch was given. */
  readonly result?: Json;
  /** The data after ResultPath. */
  readonly data: Json;
  readonly next: string | null;
  /** The error that the state met; `next` is then where its Catch leads, null when it has none. */
  readonly error?: { readonly name: string; readonly cause: string };
  readonly warnings: readonly string[];
}

/** The step without what only the engine needs. */
export function explained({ output, effect: _effect, ...step }: StepTrace): ExplainedStep {
  return { ...step, data: output };
}

/**
 * A state in words. Data that a state left as they were are not repeated; `+` and `~` stand before the
 * members that it added and changed.
 */
export function explainStep(step: StepTrace, number: number, style: Style): string {
  const place = step.iterations.map((index) => ` item ${index}`).join("");
  const lines = [
    `${style("dim", `${number}.`)} ${style("bold", visible(step.state))} ${style("cyan", step.type)}${style("dim", place)}`,
    ...detail("parameters", optional(step.parameters), style),
    ...detail("result", step.error ? undefined : optional(step.result), style),
    ...detail("data", changedData(step), style),
    ...step.warnings.map((warning) => style("yellow", `  warning: ${visible(warning)}`)),
    ...following(step, style),
  ];
  return indented(`${lines.join("\n")}\n`, step.iterations.length * 4);
}

function optional(value: Json | undefined): string[] | undefined {
  return value === undefined ? undefined : outline(value);
}

function changedData({ input, output }: StepTrace): string[] | undefined {
  return isDeepStrictEqual(input, output) ? undefined : outlineOfChange(output, input);
}

function detail(name: string, lines: readonly string[] | undefined, style: Style): string[] {
  if (lines === undefined) return [];
  const title = style("dim", `  ${name}:`);
  const [only = ""] = lines;
  return lines.length === 1
    ? [`${title} ${only}`]
    : [title, ...lines.map((line) => indented(line, 4))];
}

function following({ next, error, iterations }: StepTrace, style: Style): string[] {
  const lines: string[] = [];
  if (error)
    lines.push(style("red", `  ${next === null ? "error" : "caught"}: ${visible(error.cause)}`));
  if (next !== null) lines.push(`  ${style("dim", "next:")} ${visible(next)}`);
  else lines.push(style("dim", iterations.length > 0 ? "  end of the item" : "  end"));
  return lines;
}
