/** Runs the steps of an installation one after another, and prints them. */
import type { StepContext, StepResult } from "#install/context";
import type { StepName } from "#install/step-names";
import { checkStep, runStep } from "#install/steps";
import type { Io } from "./command.ts";
import { type Mark, markedLine } from "./marked-line.ts";
import { createStyle } from "#zis/terminal/style";

export const TITLES: Readonly<Record<StepName, string>> = {
  integration: "integration",
  oauth_client: "OAuth client",
  connections: "connections",
  bundle: "bundle",
  job_specs: "job specs",
  webhooks: "webhooks",
  config: "settings",
  settings_sync: "settings sync",
  test_event: "test event",
};

/** Checks every step without running any. */
export async function checkSteps(
  context: StepContext,
  io: Io,
  names: readonly StepName[],
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const name of names) {
    io.progress.show(`looking: ${TITLES[name]}`);
    results.push(await checkStep(name, context));
  }
  return results;
}

/**
 * Runs the steps in order and stops at the first that did not succeed, because the later ones build on it. `waiting` stops it
 * too, unless `wait` finishes the step. After a signal, the step that was running has no result.
 */
export async function runSteps(
  context: StepContext,
  io: Io,
  names: readonly StepName[],
  wait: (result: StepResult) => Promise<StepResult>,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const name of names) {
    io.progress.show(`${TITLES[name]} ...`);
    let result = await runStep(name, context);
    if (io.stop.aborted) break;
    if (result.outcome === "failed" || result.outcome === "waiting") result = await wait(result);
    results.push(result);
    if (result.outcome === "failed" || result.outcome === "waiting") break;
  }
  return results;
}

const MARK_OF: Readonly<Record<StepResult["outcome"], Mark>> = {
  done: "ok",
  already: "ok",
  failed: "failed",
  waiting: "waiting",
};

export function stepLine(io: Io, { step, outcome, message, remedy }: StepResult): string {
  return markedLine(createStyle(io.colour), MARK_OF[outcome], TITLES[step], message, remedy);
}

/** What a dry run says about a step: steps that are done stay as they are. */
export function planLine(io: Io, { step, outcome, message }: StepResult): string {
  const style = createStyle(io.colour);
  if (outcome === "already" || outcome === "done")
    return markedLine(style, "ok", TITLES[step], message, null);
  return markedLine(style, "planned", TITLES[step], `would be done: ${message}`, null);
}
