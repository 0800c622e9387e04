/** Remedies: the command to run, or the button on the app's page Install. */
import type { StepName } from "./step-names.ts";

/** The steps as the page Install titles them in English; a test compares. */
export const STEP_LABELS: Readonly<Record<StepName, string>> = {
  integration: "Register the integration",
  oauth_client: "OAuth client",
  connections: "Connection to the server",
  bundle: "Upload the bundle",
  job_specs: "Install the job specs",
  webhooks: "Inbound webhooks",
  config: "Settings document",
  settings_sync: "Hand the settings to the server",
  test_event: "Test event",
};

export const INSTALL_REMEDY =
  "Run caseqa install, or press “Install all” on the app's page Install.";
export const UPGRADE_REMEDY =
  "Run caseqa upgrade first, or press “Install all” on the app's page Install.";
export const ENABLE_REMEDY = "Run caseqa enable, or press “Enable” on the app's page Install.";

/** How to run one or more steps, in this order. */
export function runSteps(...names: readonly [StepName, ...StepName[]]): string {
  const labels = names.map((name) => `“${STEP_LABELS[name]}”`).join(" and ");
  return `Run caseqa install --only ${names.join(",")}, or press Run at ${labels} on the app's page Install.`;
}
