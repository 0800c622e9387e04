/** Step 7: the settings that every flow reads, created with defaults; what an administrator saved stays. */
import { DEFAULT_SETTINGS, type Settings, SETTINGS_SCOPE } from "#contract/settings/settings";
import { canonicalJson } from "../canonical-json.ts";
import { newestInForce } from "../catch-up.ts";
import { createConfig } from "../configs.ts";
import type { Step, StepContext, StepFinding } from "../context.ts";
import { noteSave } from "../saves.ts";
import {
  fitSettings,
  type ReadSettings,
  readSettings,
  saveSettings,
  versionOf,
} from "../settings-edit.ts";
import { documentFor, installedSettingsVersion, TOO_NEW_REMEDY, tooNew } from "../settings-form.ts";
import { runSteps } from "../step-remedies.ts";

function findingOf(read: ReadSettings, bundleReads: number): StepFinding {
  if (read.outcome === "missing") {
    const message = "There are no settings: every flow ends at once.";
    return { outcome: "failed", message, remedy: runSteps("config") };
  }
  if (read.outcome === "wrong") {
    const words = read.problems.map(({ field, message }) => `${field || "document"}: ${message}`);
    return {
      outcome: "failed",
      message: `The settings are wrong, so every flow ends at once: ${words.slice(0, 5).join("; ")}.`,
      remedy:
        "Correct them on the page Settings (or `caseqa config edit`), or bring an earlier revision back from the history.",
      facts: { problems: read.problems },
    };
  }
  const { revision } = read.settings;
  const version = versionOf(read);
  if (version > bundleReads) {
    return {
      outcome: "failed",
      message: tooNew(version, bundleReads),
      remedy: TOO_NEW_REMEDY,
      facts: { revision },
    };
  }
  const older =
    read.migratedFrom === null
      ? ""
      : ` They have the older version ${read.migratedFrom}, which every later bundle reads too.`;
  const message = `The settings are there, revision ${revision}.${older}`;
  return { outcome: "already", message, remedy: null, facts: { revision } };
}

/** The server uses the highest revision it has seen, so a lower one, as after a reinstall, would be ignored. */
async function revisionFor(context: StepContext): Promise<number> {
  return ((await newestInForce(context))?.revision ?? 0) + 1;
}

/** The server has a newer revision and would refuse this one. */
async function isBehind(context: StepContext, settings: Settings): Promise<boolean> {
  const newest = await newestInForce(context);
  return newest !== null && newest.revision > settings.revision;
}

export const configStep: Step = {
  async run(context) {
    const bundleReads = await installedSettingsVersion(context);
    const finding = (read: ReadSettings) => findingOf(read, bundleReads);
    const before = await readSettings(context);
    if (before.outcome === "wrong") return finding(before);
    if (before.outcome === "missing") {
      const settings: Settings = { ...DEFAULT_SETTINGS, revision: await revisionFor(context) };
      const made = await createConfig(context, SETTINGS_SCOPE, documentFor(settings, bundleReads));
      const after = await readSettings(context);
      const ours =
        after.outcome === "found" && canonicalJson(after.settings) === canonicalJson(settings);
      if (!made || !ours) return finding(after);
      await noteSave(context, settings.revision, "installed with the defaults");
      const history =
        settings.revision > 1 ? " Earlier settings can be restored from the history." : "";
      return {
        outcome: "done",
        message: `The settings are created with their defaults, revision ${settings.revision}.${history}`,
        remedy: null,
        facts: { revision: settings.revision },
      };
    }
    if (!(await isBehind(context, before.settings))) {
      if (!(await fitSettings(context, bundleReads))) return finding(before);
      const { revision } = before.settings;
      return {
        outcome: "done",
        message: `The settings, revision ${revision}, are written in version ${bundleReads}, which the installed bundle reads.`,
        remedy: null,
        facts: { revision },
      };
    }
    const saved = await saveSettings(context, { ...before, why: "installed again" });
    if (saved.outcome !== "saved") return finding(await readSettings(context));
    const { revision } = saved.settings;
    return {
      outcome: "done",
      message: `The server had seen a higher revision: the settings continue as revision ${revision}.`,
      remedy: null,
      facts: { revision },
    };
  },

  async check(context) {
    return findingOf(await readSettings(context), await installedSettingsVersion(context));
  },
};
