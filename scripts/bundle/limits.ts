/** The limits of the flows as people and programs read them: what is proven, beside what was observed. */
import type { Bound, FlowBound } from "#zis/check/bounds";
import { BUILT_IN_SECONDS, JQ_SECONDS } from "#zis/check/bounds";
import { DEFAULT_LIMITS } from "#zis/engine/limits";
import type { Observed } from "./observe.ts";

interface Measure {
  /** The proven bound. */
  readonly max: number;
  /** The bound as a part of what ZIS allows. */
  readonly share: number;
  readonly observed: number;
  /** The run in which the observed maximum was seen. */
  readonly when: string;
}

export interface FlowLimits {
  readonly flow: string;
  readonly transitions: Measure;
  readonly seconds: Measure;
}

/**
 * The bounds beside the observed maxima, in the order of the bounds.
 *
 * @throws Error when a bound is missing or was exceeded in a run, or when a flow was not observed
 */
export function limitsOf(
  bounds: readonly FlowBound[],
  observed: Readonly<Record<string, Observed>>,
): FlowLimits[] {
  return bounds.map(({ flow, transitions, seconds }) => {
    const seen = observed[flow];
    if (!seen) {
      throw new Error(
        `The flow ${flow} was not observed: give it a scenario in scripts/bundle/scenarios.ts.`,
      );
    }
    return {
      flow,
      transitions: measure(flow, "transitions", transitions, seen),
      seconds: measure(flow, "seconds", seconds, seen),
    };
  });
}

function measure(
  flow: string,
  name: "transitions" | "seconds",
  { max, why }: Bound,
  observed: Observed,
): Measure {
  if (max === null) throw new Error(`The ${name} of ${flow} have no bound: ${why ?? ""}`);
  const seen = observed[name];
  if (seen.max > max) {
    throw new Error(
      `${flow} took ${seen.max} ${name} (${seen.when}), more than the bound of ${max}.`,
    );
  }
  const share = Math.round((max / DEFAULT_LIMITS[name]) * 1_000) / 1_000;
  return { max, share, observed: seen.max, when: seen.when };
}

/** `docs/flows/limits.json`. */
export function limitsJson(
  limits: readonly FlowLimits[],
  budgets: Readonly<Record<string, number>>,
): string {
  const { transitions, seconds } = DEFAULT_LIMITS;
  const ceilings = { built_in_seconds: BUILT_IN_SECONDS, jq_seconds: JQ_SECONDS, actions: budgets };
  return `${JSON.stringify({ limits: { transitions, seconds }, ceilings, flows: limits }, null, 2)}\n`;
}

/** A share as people write it. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** The table that `npm run bundle` prints. */
export function limitsTable(limits: readonly FlowLimits[]): string {
  const header = ["flow", "transitions", "of 250", "observed", "seconds", "of 100", "observed"];
  const rows = limits.map(({ flow, transitions, seconds }) => [
    flow,
    ...[transitions, seconds].flatMap(({ max, share, observed }) => [
      String(max),
      percent(share),
      String(observed),
    ]),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return `${lines.join("\n")}\n`;
}

/** `docs/flows/limits.md`. */
export function limitsMarkdown(
  limits: readonly FlowLimits[],
  budgets: Readonly<Record<string, number>>,
): string {
  const { transitions, seconds, mapItems } = DEFAULT_LIMITS;
  const rows = limits.map(
    (row) =>
      `| [\`${row.flow}\`](README.md#${row.flow}) | ${cells(row.transitions)} | ${cells(row.seconds)} |`,
  );
  const longest = limits.map(
    (row) =>
      `- \`${row.flow}\`: most transitions when ${row.transitions.when}; most seconds when ${row.seconds.when}.`,
  );
  return `${GENERATED}
# How far the flows can go

Zendesk ends a flow after ${seconds} seconds or ${transitions} state transitions. For every flow, *proven* is the longest
way through all of its branches and retries; no run can take more. *Observed* is the longest of the runs that
\`npm run bundle -- --observe\` plays: the flow's longest ways, as they are and with each of their calls
failing three or four times in a row, every call taking the whole time that it may take.

| flow | transitions, proven | of ${transitions} | observed | seconds, proven | of ${seconds} | observed |
|---|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}

Above 80 % of a limit \`zis check\` warns; above 100 % the bundle is not built.

## What the proof reckons with

- Each state that is entered counts one transition, the states of a Map once for each of its items (at most
  ${mapItems}, or what the flow cuts the list to).
- A Wait takes its seconds, a jq program at most ${JQ_SECONDS} s, a built-in action of ZIS at most ${BUILT_IN_SECONDS} s (Zendesk publishes no
  number).
- An action of the actions server takes its budget, within which the server answers:

| action | seconds |
|---|--:|
${Object.entries(budgets)
  .map(([action, most]) => `| \`${action}\` | ${most} |`)
  .join("\n")}

## The longest observed runs

${longest.join("\n")}
`;
}

/** Stands at the top of every generated page. */
export const GENERATED = "<!-- Written by npm run bundle. Do not edit. -->";

function cells({ max, share, observed }: Measure): string {
  return `${max} | ${percent(share)} | ${observed}`;
}
