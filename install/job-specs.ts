/** The job specs after an upload: all of the bundle's are installed, and no others. */
import type { StepContext } from "./context.ts";
import { toInstallError } from "./ask.ts";
import type { InstallError } from "./install-error.ts";
import { jobSpecNames, type ListedJobSpec, listJobSpecs, setInstalled } from "./zis-api.ts";
import type { Bundle } from "#zis/model/bundle";

export interface JobSpecPlan {
  /** In the bundle, not installed. */
  readonly orphaned: readonly string[];
  /** In the bundle, installed. */
  readonly installed: readonly string[];
  /** Installed, not in the bundle. */
  readonly extra: readonly string[];
}

/** Pure. */
export function planJobSpecs(
  wanted: readonly string[],
  listed: readonly ListedJobSpec[],
): JobSpecPlan {
  const installed = listed.filter((spec) => spec.installed).map(({ name }) => name);
  return {
    orphaned: wanted.filter((name) => !installed.includes(name)),
    installed: wanted.filter((name) => installed.includes(name)),
    extra: installed.filter((name) => !wanted.includes(name)),
  };
}

export interface AppliedJobSpecs {
  readonly plan: JobSpecPlan;
  readonly installed: readonly string[];
  readonly removed: readonly string[];
  /** The last refusal for each job spec that is still wrong. */
  readonly refused: ReadonlyMap<string, InstallError>;
}

/** Another installation may upload in between, which orphans job specs again. */
const ROUNDS = 3;

/**
 * Installs and uninstalls until the registry reads back what the bundle needs. Each is attempted even when others fail;
 * the result is judged by what is read back.
 *
 * @param all also those listed as installed: after an upload the list may still show the previous version
 */
export async function applyJobSpecs(
  context: StepContext,
  bundle: Bundle,
  all: boolean,
): Promise<AppliedJobSpecs> {
  const wanted = jobSpecNames(bundle);
  const installed = new Set<string>();
  const removed = new Set<string>();
  let refused = new Map<string, InstallError>();
  let plan = planJobSpecs(wanted, await listJobSpecs(context));
  for (let round = 0; round < ROUNDS; round += 1) {
    const toInstall = all && round === 0 ? wanted : plan.orphaned;
    if (toInstall.length === 0 && plan.extra.length === 0) break;
    refused = new Map();
    for (const [names, on] of [
      [toInstall, true],
      // New ones first: starting twice is harmless, missing an event is not.
      [plan.extra, false],
    ] as const) {
      for (const name of names) {
        await setInstalled(context, name, on).then(
          () => (on ? installed : removed).add(name),
          (error: unknown) => refused.set(name, toInstallError(error)),
        );
      }
    }
    plan = planJobSpecs(wanted, await listJobSpecs(context));
  }
  return { plan, installed: [...installed], removed: [...removed], refused };
}
