/** Disable, enable and uninstall. */
import { toInstallError } from "./ask.ts";
import { catchUp, catchUpOwed, oweCatchUp } from "./catch-up.ts";
import { deleteConfig } from "./configs.ts";
import type { StepContext } from "./context.ts";
import { expectFlows, forgetWebhooks } from "./expect-flows.ts";
import { readBundles } from "./found-bundles.ts";
import { applyJobSpecs } from "./job-specs.ts";
import { CATCH_UP_SCOPE, WEBHOOK_SCOPE } from "./notes.ts";
import { type Removed, attemptAll } from "./removal.ts";
import {
  configTasks,
  connectionTasks,
  jobSpecTasks,
  linkTasks,
  webhookTasks,
} from "./removal-tasks.ts";
import { catchUpSentence } from "./steps/job-specs.ts";
import { listNoted } from "./webhooks.ts";
import { isRegistered } from "./zis-api.ts";
import { runSteps } from "./step-remedies.ts";

export type { Removed };

/**
 * Uninstalls every job spec of the integration, so that Zendesk starts none of our flows. With the setting
 * `enabled: false` flows still start, read it and end. Bundle, connections, webhooks and settings stay.
 */
export async function disable(context: StepContext): Promise<Removed> {
  const result = await attemptAll(
    "CaseQA is disabled: Zendesk starts nothing of ours.",
    [],
    async (record) => {
      await record(await jobSpecTasks(context));
      // Disabled on purpose, not by a half-done upload. The hourly sweep covers what was owed.
      if ((await catchUpOwed(context)) !== null) await deleteConfig(context, CATCH_UP_SCOPE);
    },
  );
  return andThen(result, () => expectFlows(context, false));
}

/**
 * Installs the job specs of the bundle that the account has, and asks for a sweep of the last minutes, as after an
 * upload. Tickets changed while it was disabled longer ago are for a sweep on demand, with its `since`.
 */
export async function enable(context: StepContext): Promise<Removed> {
  let swept = "";
  const result = await attemptAll("CaseQA is enabled.", [], async (record) => {
    const [found] = await readBundles(context, context.template.bundle.name);
    if (!found) {
      const remedy = runSteps("bundle", "job_specs");
      return record.fail({ what: "bundle", message: "The account has no bundle of ours.", remedy });
    }
    const { installed, removed, refused } = await applyJobSpecs(context, found.bundle, false);
    for (const name of installed) record.did(`job spec ${name} installed`);
    for (const name of removed) record.did(`job spec ${name} of an older bundle removed`);
    for (const [name, { message, remedy }] of refused) {
      record.fail({ what: `job spec ${name}`, message, remedy });
    }
    if (installed.length > 0) await oweCatchUp(context);
    await expectFlows(context, true);
    swept = catchUpSentence(await catchUp(context));
  });
  return { ...result, message: result.message + swept };
}

/** What `uninstall` would remove, in its order; nothing is changed. */
export async function planUninstall(
  context: StepContext,
  options: { readonly links: boolean },
): Promise<readonly string[]> {
  if (!(await isRegistered(context))) return [];
  const tasks = [
    ...(await jobSpecTasks(context)),
    ...(await webhookTasks(context)),
    ...(await connectionTasks(context)),
    ...(options.links ? await linkTasks(context) : []),
    ...(await configTasks(context, () => true)),
  ];
  return tasks.map(({ what }) => what);
}

/**
 * Removes job specs, webhooks, connections and Configs, and on request the links. The integration's name and its
 * bundle cannot be deleted at Zendesk: they are listed in `stays`.
 */
export async function uninstall(
  context: StepContext,
  options: { readonly links: boolean },
): Promise<Removed> {
  const stays = [
    `The integration ${context.integration} and its uploaded bundle: Zendesk offers no way to delete them. Without job specs they do nothing, and the name stays yours.`,
    "The OAuth client that Zendesk made for the integration: delete it in Admin Center, Apps and integrations, APIs, if you do not install again.",
    "What your actions server stored (conversations, assignments, settings history): see docs/uninstall.md.",
    ...(options.links ? [] : ["The links between tickets and cases."]),
  ];
  const result = await attemptAll("CaseQA is uninstalled.", stays, async (record) => {
    if (!(await isRegistered(context))) return;
    await record(await jobSpecTasks(context));
    await record(await webhookTasks(context));
    await record(await connectionTasks(context));
    if (options.links) await record(await linkTasks(context));
    // Last: the Configs record what else there is. The note of a webhook that is still there stays for the next attempt.
    const left = (await listNoted(context)).map(({ uuid }) => `${WEBHOOK_SCOPE}${uuid}`);
    await record(await configTasks(context, (scope) => !left.includes(scope)));
  });
  return andThen(result, () => forgetWebhooks(context));
}

/** What was done in Zendesk stays done when our server cannot be informed. */
async function andThen(result: Removed, inform: () => Promise<void>): Promise<Removed> {
  if (result.outcome === "failed") return result;
  try {
    await inform();
    return result;
  } catch (error) {
    const { message } = toInstallError(error);
    const unsaid = `The server does not know of it, so its Health will report that no flow calls: ${message}`;
    return { ...result, message: `${result.message} ${unsaid}` };
  }
}
