/** Step 5: all job specs of the account's bundle are installed and no others; tickets missed meanwhile are swept. */
import { type CatchUp, catchUp, catchUpOwed } from "../catch-up.ts";
import type { Step, StepContext, StepFinding } from "../context.ts";
import { expectFlows } from "../expect-flows.ts";
import { readBundles } from "../found-bundles.ts";
import { InstallError } from "../install-error.ts";
import { planJobSpecs, applyJobSpecs } from "../job-specs.ts";
import { jobSpecNames, listJobSpecs } from "../zis-api.ts";
import { runSteps } from "../step-remedies.ts";

async function bundleOf(context: StepContext) {
  const [found] = await readBundles(context, context.template.bundle.name);
  if (found) return found.bundle;
  throw new InstallError("The account has no bundle of ours.", runSteps("bundle", "job_specs"));
}

/** The result of the owed sweep, as a sentence for the step's message. */
export function catchUpSentence(result: CatchUp): string {
  if (result.outcome === "asked") {
    return ` The server sweeps the tickets changed since ${result.since}.`;
  }
  if (result.outcome === "later") {
    return " Tickets changed meanwhile are swept when the server has its settings.";
  }
  return "";
}

export const jobSpecsStep: Step = {
  async run(context) {
    const bundle = await bundleOf(context);
    const uploaded = (await catchUpOwed(context)) !== null;
    const { plan, installed, removed, refused } = await applyJobSpecs(context, bundle, uploaded);
    const facts = { ...plan, did_install: installed, did_remove: removed };
    if (plan.orphaned.length > 0 || plan.extra.length > 0) {
      const [first] = refused.values();
      const left = [
        ...plan.orphaned.map((name) => `${name} is not installed`),
        ...plan.extra.map((name) => `${name} is still installed`),
      ];
      return {
        outcome: "failed",
        message: `${left.join(", ")}. ${first?.message ?? "Zendesk accepted the calls, but reads back otherwise."}`,
        remedy: first?.remedy ?? "Try again.",
        facts,
      };
    }
    const total = plan.installed.length;
    const words = removed.length > 0 ? `; removed of older bundles: ${removed.join(", ")}` : "";
    const message = `All ${total} job specs are installed${words}.`;
    const done: StepFinding = { outcome: "done", message, remedy: null, facts };
    // After a `disable` the server expects no flows. If it cannot be reached now, later steps report that.
    await expectFlows(context, true).catch(() => undefined);
    const swept = await catchUp(context).catch((error: unknown) => error);
    if (swept instanceof InstallError) {
      return {
        ...done,
        outcome: "failed",
        message: `${message} But ${lowerFirst(swept.message)}`,
        remedy: `${swept.remedy} The sweep is still owed until then.`,
      };
    }
    const caughtUp = swept as CatchUp;
    const changed = installed.length > 0 || removed.length > 0 || caughtUp.outcome === "asked";
    return {
      ...done,
      outcome: changed ? "done" : "already",
      message: message + catchUpSentence(caughtUp),
      facts: { ...facts, catch_up: caughtUp },
    };
  },

  async check(context) {
    const plan = planJobSpecs(jobSpecNames(await bundleOf(context)), await listJobSpecs(context));
    const owed = await catchUpOwed(context);
    const wrong = [
      ...plan.orphaned.map((name) => `${name} is not installed`),
      ...plan.extra.map((name) => `${name} of an older bundle is still installed`),
      ...(owed === null ? [] : [`the sweep since ${owed} is still owed`]),
    ];
    return {
      outcome: wrong.length === 0 ? "already" : "failed",
      message:
        wrong.length === 0
          ? `All ${plan.installed.length} job specs are installed.`
          : `${wrong.join(", ")}.`,
      remedy: wrong.length === 0 ? null : runSteps("job_specs"),
      facts: { ...plan, catch_up_since: owed },
    };
  },
};

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
