/** Rolls back to an earlier bundle. */
import { toInstallError } from "./ask.ts";
import { withServer } from "./bundle-template.ts";
import type { StepContext } from "./context.ts";
import { InstallError } from "./install-error.ts";
import { replaceBundle } from "./replace-bundle.ts";
import { findPrevious, type PreviousBundle } from "./previous-bundles.ts";
import { runStep } from "./steps.ts";
import { runSteps } from "./step-remedies.ts";

export type RollbackResult =
  | {
      readonly outcome: "rolled_back";
      readonly from: string;
      readonly to: PreviousBundle;
      readonly message: string;
    }
  | { readonly outcome: "failed"; readonly message: string; readonly remedy: string };

/**
 * Uploads an earlier bundle of ours again, reinstalls its job specs, removes those that it lacks, and asks for a sweep.
 * Its actions call the current server, even if it was uploaded for another address. The settings are written in the
 * version that it reads; when that version cannot hold them, nothing is done.
 *
 * @param hash which build; absent: the newest of `listPrevious`
 */
export async function rollBack(context: StepContext, hash?: string): Promise<RollbackResult> {
  try {
    const { read, candidates } = await findPrevious(context);
    const to = hash === undefined ? candidates[0] : candidates.find((one) => one.hash === hash);
    if (!to) {
      throw new InstallError(
        hash === undefined
          ? "There is no earlier bundle to go back to."
          : `There is no earlier bundle with the hash ${hash}.`,
        "Install an older version of the app, or choose one of those that the status lists.",
      );
    }
    await replaceBundle(context, withServer(await to.open(), context), read);
    const specs = await runStep("job_specs", context);
    if (specs.outcome === "failed") {
      throw new InstallError(specs.message, specs.remedy ?? runSteps("job_specs"));
    }
    return {
      outcome: "rolled_back",
      from: read[0]?.hash ?? "",
      to: { hash: to.hash, uploadedAt: to.uploadedAt },
      message: `The bundle of ${to.uploadedAt} is installed again. ${specs.message}`,
    };
  } catch (error) {
    const { message, remedy } = toInstallError(error);
    return { outcome: "failed", message, remedy };
  }
}
