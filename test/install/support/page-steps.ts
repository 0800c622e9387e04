/** The steps on the app's page Install, one by one. */
import type { Frame, Locator } from "playwright-core";
import type { StepName } from "../../../install/step-names.ts";

/** What the step's item shows: its state, its message, cause and remedy. */
export function stepItem(app: Frame, name: StepName): Locator {
  return app.locator(`[data-step=${name}]`);
}

/** How a step stands: `idle`, `running`, `done`, `already`, `waiting` or `failed`. */
export async function stepOutcome(app: Frame, name: StepName): Promise<string | null> {
  return stepItem(app, name).getAttribute("data-outcome");
}

/** Presses a step's own button, and waits until the step has ended. */
export async function pressStep(app: Frame, name: StepName): Promise<void> {
  await stepItem(app, name).getByRole("button").click();
  await app.locator(`[data-step=${name}]:not([data-outcome=running]) button:enabled`).waitFor();
}
