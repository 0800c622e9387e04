/** The version of the settings that a bundle reads: a flow that finds a newer one ends at once. */
import { settingsOfVersion } from "#contract/settings/migrations";
import { type Settings, SETTINGS_VERSION } from "#contract/settings/settings";
import type { Bundle } from "#zis/model/bundle";
import type { StepContext } from "./context.ts";
import { readBundles } from "./found-bundles.ts";
import { InstallError } from "./install-error.ts";
import { runSteps, UPGRADE_REMEDY } from "./step-remedies.ts";

/** As bundle/builders/jq-schema.ts words it in every flow that reads settings; a test compares. */
const EXPECTED = /version: expected (\d+)/g;

/**
 * The newest version of the settings that a bundle's flows read, taken from their own check. Infinity: none of them checks
 * it, as in the first bundles.
 */
export function settingsVersionOf(bundle: Bundle): number {
  const found = JSON.stringify(bundle).matchAll(EXPECTED);
  return Math.min(...[...found].map(([, version]) => Number(version)));
}

/** The same for the bundle in the account's registry; Infinity when there is none. */
export async function installedSettingsVersion(context: StepContext): Promise<number> {
  const [found] = await readBundles(context, context.template.bundle.name);
  return found ? settingsVersionOf(found.bundle) : Infinity;
}

/** Why the flows of an older bundle do nothing. */
export function tooNew(version: number, bundleReads: number): string {
  return `The settings are of version ${version}, and the installed bundle reads version ${bundleReads}: every flow ends at once.`;
}

export const TOO_NEW_REMEDY = `${runSteps("config")} It writes them in the bundle's version. Or bring the bundle up to date: run caseqa upgrade.`;

/**
 * The settings as a document that a bundle which reads `version` can read.
 *
 * @throws InstallError when that version cannot hold them
 */
export function documentFor(
  settings: Settings,
  version: number,
  remedy: (lacks: string) => string = upgradeFirst,
): Readonly<Record<string, unknown>> {
  const made = settingsOfVersion(settings, version);
  if (made.ok) return made.document;
  throw new InstallError(
    `The settings are of version ${SETTINGS_VERSION}, and the bundle reads version ${version}, which cannot hold ${made.problem}.`,
    remedy(made.problem),
  );
}

function upgradeFirst(): string {
  return `${UPGRADE_REMEDY} Until then, leave that setting as it was.`;
}
