/** The steps of an installation by name. Each can be repeated, reads back what it did, and may run twice at once. */
import { toInstallError } from "./ask.ts";
import type { Step, StepContext, StepFinding, StepResult } from "./context.ts";
import type { StepName } from "./step-names.ts";
import { bundleStep } from "./steps/bundle.ts";
import { configStep } from "./steps/config.ts";
import { connectionsStep } from "./steps/connections.ts";
import { integrationStep } from "./steps/integration.ts";
import { jobSpecsStep } from "./steps/job-specs.ts";
import { oauthClientStep } from "./steps/oauth-client.ts";
import { settingsSyncStep } from "./steps/settings-sync.ts";
import { testEventStep } from "./steps/test-event.ts";
import { webhooksStep } from "./steps/webhooks.ts";

const STEPS: Readonly<Record<StepName, Step>> = {
  integration: integrationStep,
  oauth_client: oauthClientStep,
  connections: connectionsStep,
  bundle: bundleStep,
  job_specs: jobSpecsStep,
  webhooks: webhooksStep,
  config: configStep,
  settings_sync: settingsSyncStep,
  test_event: testEventStep,
};

/** Runs one step. A refusal by Zendesk or our server is a `failed` result with its remedy, not a rejection. */
export async function runStep(name: StepName, context: StepContext): Promise<StepResult> {
  return finish(name, context, STEPS[name].run);
}

/** Checks whether a step is done (`already`) or not (`failed` or `waiting`, with the remedy). Changes nothing. */
export async function checkStep(name: StepName, context: StepContext): Promise<StepResult> {
  return finish(name, context, STEPS[name].check);
}

async function finish(step: StepName, context: StepContext, work: Step["run"]) {
  const finding = await work(context).catch((error: unknown): StepFinding => {
    const { message, remedy, status } = toInstallError(error);
    return { outcome: "failed", message, remedy, facts: { status } };
  });
  return withoutSecret({ step, ...finding }, context.serverToken);
}

/** An answer may repeat what was sent. */
function withoutSecret(result: StepResult, secret: string | undefined): StepResult {
  if (secret === undefined || secret === "") return result;
  const clean = (text: string) => text.replaceAll(secret, "*****");
  const { message, remedy } = result;
  return { ...result, message: clean(message), remedy: remedy === null ? null : clean(remedy) };
}
