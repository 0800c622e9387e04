/** Step 4: the registry has this build's bundle, judged by its content. */
import { hashBundle, fillTemplate } from "../bundle-template.ts";
import type { Step, StepContext, StepFinding } from "../context.ts";
import { readBundles } from "../found-bundles.ts";
import { replaceBundle } from "../replace-bundle.ts";
import { runSteps } from "../step-remedies.ts";

async function look(context: StepContext) {
  const bundle = await fillTemplate(context.template, context);
  const hash = await hashBundle(bundle);
  return { bundle, hash, read: await readBundles(context, bundle.name) };
}

function inSync(hash: string): StepFinding {
  return {
    outcome: "already",
    message: `The account has this build's bundle (${hash.slice(0, 12)}).`,
    cure: null,
    facts: { hash },
  };
}

export const bundleStep: Step = {
  async run(context) {
    const { bundle, hash, read } = await look(context);
    // An upload without need would orphan every job spec.
    if (read[0]?.hash === hash) return inSync(hash);
    const { notKept } = await replaceBundle(context, { bundle, hash }, read);
    const message = `The bundle ${hash.slice(0, 12)} is uploaded and read back; its job specs are installed next.`;
    return {
      ...inSync(hash),
      outcome: "done",
      message: notKept === null ? message : `${message} ${notKept}`,
      facts: { hash, before: read[0]?.hash ?? null },
    };
  },

  async check(context) {
    const { hash, read } = await look(context);
    if (read[0]?.hash === hash) return inSync(hash);
    return {
      outcome: "failed",
      message: read[0]
        ? `The account has another bundle (${read[0].hash.slice(0, 12)}) than this build (${hash.slice(0, 12)}).`
        : "The account has no bundle of ours.",
      cure: runSteps("bundle", "job_specs"),
      facts: { hash, found: read[0]?.hash ?? null },
    };
  },
};
