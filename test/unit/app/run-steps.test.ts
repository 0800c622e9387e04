import { describe, expect, it } from "vitest";
import { countDone, runSteps, type Progress, type StepProgress } from "#app/src/install/run-steps";
import type { StepContext, StepOutcome } from "#install/context";
import { STEP_NAMES, type StepName } from "#install/step-names";

const CONTEXT = {} as StepContext;

async function play(outcomes: Partial<Record<StepName, StepOutcome | Error>>) {
  let progress: Progress = {};
  const seen: string[] = [];
  const run = async (step: StepName) => {
    const outcome = outcomes[step] ?? "done";
    if (outcome instanceof Error) throw outcome;
    return { step, outcome, message: "", remedy: null };
  };
  const report = (name: StepName, step: StepProgress): void => {
    seen.push(`${name} ${step.phase}`);
    progress = { ...progress, [name]: step };
  };
  const stopped = await runSteps(STEP_NAMES, CONTEXT, run, report);
  return { stopped, seen, progress, done: countDone(STEP_NAMES, progress) };
}

describe("the checklist", () => {
  it("runs all steps in order, each seen running and ended", async () => {
    const { stopped, seen, done } = await play({ integration: "already" });
    expect(stopped).toBeNull();
    expect(done).toBe(STEP_NAMES.length);
    expect(seen).toEqual(STEP_NAMES.flatMap((name) => [`${name} running`, `${name} ended`]));
  });

  it("stops at the first failure and leaves the rest as it was", async () => {
    const { stopped, progress, done } = await play({ bundle: "failed" });
    expect(stopped).toMatchObject({ step: "bundle" });
    expect(progress.job_specs).toBeUndefined();
    expect(done).toBe(STEP_NAMES.indexOf("bundle"));
  });

  it("goes on after a step that waits, without counting it as done", async () => {
    const { stopped, done } = await play({ settings_sync: "waiting" });
    expect(stopped).toBeNull();
    expect(done).toBe(STEP_NAMES.length - 1);
  });

  it("shows a step that throws as failed", async () => {
    const { stopped } = await play({ webhooks: new Error("boom") });
    expect(stopped).toMatchObject({ step: "webhooks", outcome: "failed", message: "boom" });
  });
});
