/**
 * Uploads a bundle: the previous one is kept, the owed sweep is noted, the settings are written in a version that the new
 * one reads, and the registry is read back.
 */
import type { Bundle } from "#zis/model/bundle";
import { toInstallError } from "./ask.ts";
import { archiveBundle } from "./bundle-archive.ts";
import { stampBundle } from "./bundle-stamp.ts";
import { hashContent } from "./bundle-template.ts";
import { oweCatchUp } from "./catch-up.ts";
import type { StepContext } from "./context.ts";
import { isOurs, type ReadBundle, readBundles } from "./found-bundles.ts";
import { InstallError } from "./install-error.ts";
import { fitSettings } from "./settings-edit.ts";
import { settingsVersionOf } from "./settings-form.ts";
import { uploadBundle } from "./zis-api.ts";

/** Reads are repeated: it is not documented that an upload can be read at once. */
const READS = 4;
const BETWEEN_READS_MS = 500;

export interface Replaced {
  readonly found: ReadBundle;
  /** Why the previous bundle could not be kept for a rollback; null: it was kept. */
  readonly notKept: string | null;
}

/**
 * @throws InstallError when the bundle could not read the settings (nothing is uploaded), when the upload is refused, or
 *   when other content is read back
 */
export async function replaceBundle(
  context: StepContext,
  bundle: Bundle,
  before: readonly ReadBundle[],
): Promise<Replaced> {
  const hash = await hashContent(bundle);
  const fit = () => fitSettings(context, settingsVersionOf(bundle), resetFirst);
  // The previous bundle reads an older version too, so flows keep working in between.
  await fit();
  const notKept = await keepBefore(context, before);
  await oweCatchUp(context);
  const uploadedAt = context.now().toISOString();
  await uploadBundle(context, stampBundle(bundle, { hash, uploadedAt }));
  for (let read = 1; ; read += 1) {
    const [found] = await readBundles(context, bundle.name);
    if (found?.contentHash === hash) {
      // Somebody may have saved a version for the previous bundle.
      await fit();
      return { found, notKept };
    }
    if (read === READS) {
      throw new InstallError(
        `The bundle was uploaded, but the registry reads back ${found ? "other content" : "none"}.`,
        "Try again. If another administrator is installing too, agree who does it.",
      );
    }
    await context.sleep(BETWEEN_READS_MS);
  }
}

function resetFirst(lacks: string): string {
  return `Set that setting (${lacks}) back to its default in the settings, then try again.`;
}

/** A bundle that was changed by hand is not kept: a rollback restores only what we built. */
async function keepBefore(
  context: StepContext,
  [before]: readonly ReadBundle[],
): Promise<string | null> {
  if (!before) return null;
  const { uploadedAt } = before;
  if (!isOurs(before) || uploadedAt === null) {
    return "The previous bundle had no valid stamp of ours, so it was not kept for a rollback.";
  }
  try {
    await archiveBundle(context, before.bundle, { hash: before.contentHash, uploadedAt });
    return null;
  } catch (error) {
    // The size limit of a Config is not documented; an upgrade must not fail because of it.
    return `The previous bundle could not be kept for a rollback: ${toInstallError(error).message}`;
  }
}
