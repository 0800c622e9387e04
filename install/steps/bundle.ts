/** Step 4: the registry holds this build's bundle, compared by content. */
import { fillTemplate, hashContent } from "../bundle-template.ts";
import type { Step, StepContext, StepFinding } from "../context.ts";
import { type ReadBundle, readBundles } from "../found-bundles.ts";
import { replaceBundle } from "../replace-bundle.ts";
import { runSteps } from "../step-remedies.ts";

async function look(context: StepContext) {
  const bundle = await fillTemplate(context.template, context);
  const read = await readBundles(context, bundle.name);
  const isInSync = read[0]?.contentHash === (await hashContent(bundle));
  return { bundle, hash: context.template.sha256, isInSync, read };
}

function differenceOf(found: ReadBundle | undefined, { template, serverUrl }: StepContext): string {
  const wanted = template.sha256.slice(0, 12);
  if (!found) return "The account has no bundle of ours.";
  if (found.hash !== template.sha256) {
    return `The account has another bundle (${found.hash.slice(0, 12)}) than this build (${wanted}).`;
  }
  return `The account has this build's bundle (${wanted}), but it calls ${found.serverUrl ?? "several servers or none"}, not ${serverUrl}.`;
}

function inSync(hash: string): StepFinding {
  return {
    outcome: "already",
    message: `The account has this build's bundle (${hash.slice(0, 12)}).`,
    remedy: null,
    facts: { hash },
  };
}

export const bundleStep: Step = {
  async run(context) {
    const { bundle, hash, isInSync, read } = await look(context);
    // A needless upload would orphan every job spec.
    if (isInSync) return inSync(hash);
    const { notKept } = await replaceBundle(context, bundle, read);
    const message = `The bundle ${hash.slice(0, 12)} is uploaded and read back; its job specs are installed next.`;
    return {
      ...inSync(hash),
      outcome: "done",
      message: notKept === null ? message : `${message} ${notKept}`,
      facts: { hash, before: read[0]?.hash ?? null },
    };
  },

  async check(context) {
    const { hash, isInSync, read } = await look(context);
    if (isInSync) return inSync(hash);
    return {
      outcome: "failed",
      message: differenceOf(read[0], context),
      remedy: runSteps("bundle", "job_specs"),
      facts: { hash, found: read[0]?.hash ?? null },
    };
  },
};
