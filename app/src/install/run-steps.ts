/** Runs the steps of an installation one after another, and reports progress. */
import type { StepContext, StepResult } from "#install/context";
import type { StepName } from "#install/step-names";

/** How a step stands on the page. */
export type StepProgress =
  | { readonly phase: "idle" }
  | { readonly phase: "running" }
  | { readonly phase: "ended"; readonly result: StepResult };

export type Progress = Readonly<Partial<Record<StepName, StepProgress>>>;

type RunStep = (name: StepName, context: StepContext) => Promise<StepResult>;

/**
 * In order, until one fails; the rest stays as it was. A step that waits is not wrong, so the next ones run.
 *
 * @param report is called for every change
 * @returns the result that stopped it; null when all ran
 */
export async function runSteps(
  names: readonly StepName[],
  context: StepContext,
  run: RunStep,
  report: (name: StepName, progress: StepProgress) => void,
): Promise<StepResult | null> {
  for (const name of names) {
    report(name, { phase: "running" });
    const result = await runOne(name, context, run);
    report(name, { phase: "ended", result });
    if (result.outcome === "failed") return result;
  }
  return null;
}

/** A step that throws has a defect; the page shows it like any other failure. */
async function runOne(name: StepName, context: StepContext, run: RunStep): Promise<StepResult> {
  try {
    return await run(name, context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { step: name, outcome: "failed", message, remedy: null };
  }
}

/** How many steps have ended well. */
export function countDone(names: readonly StepName[], progress: Progress): number {
  return names.filter((name) => {
    const step = progress[name];
    return step?.phase === "ended" && ["done", "already"].includes(step.result.outcome);
  }).length;
}
