import { expect, it } from "vitest";
import { enInstall } from "#app/src/texts/en-install";
import { STEP_NAMES } from "#install/step-names";
import { runSteps, STEP_LABELS } from "#install/step-remedies";

it("names every step as the page Install does", () => {
  for (const name of STEP_NAMES) expect(STEP_LABELS[name]).toBe(enInstall.step[name].title);
});

it("names the command, and the button on the page", () => {
  expect(runSteps("bundle", "job_specs")).toBe(
    "Run caseqa install --only bundle,job_specs, or press Run at “Upload the bundle” and “Install the job specs” on the app's page Install.",
  );
});
