/** Takes settings from a draft to the server: checks, shows and saves them, and waits until they are in force. */
import type { Settings } from "#contract/settings/settings";
import type { StepContext } from "#install/context";
import { checkSettings } from "#install/settings-check";
import { checkReferences } from "#install/settings-references";
import {
  diffSettings,
  MISSING_BASE,
  type ReadSettings,
  saveSettings,
  syncSettings,
} from "#install/settings-edit";
import { EXIT, type Io } from "./command.ts";
import { changeLines, problemLines, warningLines } from "./settings-report.ts";
import { createStyle } from "#zis/terminal/style";

export interface Draft {
  readonly read: ReadSettings;
  readonly document: unknown;
}

export interface SaveOptions {
  readonly dryRun: boolean;
  readonly json: boolean;
  /** For the history. */
  readonly why: string;
}

/** Prints the outcome. @returns the exit code */
export async function saveDraft(
  context: StepContext,
  io: Io,
  { read, document }: Draft,
  { dryRun, json, why }: SaveOptions,
): Promise<number> {
  const report = (value: Readonly<Record<string, unknown>>, lines: string, ok: boolean) => {
    io.progress.done();
    io.out(json ? `${JSON.stringify({ ok, ...value })}\n` : lines);
    return ok ? EXIT.ok : EXIT.failed;
  };
  const checked = checkSettings(document);
  if (!checked.ok) {
    const { problems } = checked;
    return report({ outcome: "invalid", problems }, problemLines(problems), false);
  }
  const before = read.outcome === "found" ? read.settings : undefined;
  const changes = before ? diffSettings(before, checked.settings) : [];
  if (before && changes.length === 0)
    return report({ outcome: "same" }, "Nothing differs.\n", true);
  // Saved all the same, because a form may be created after the setting that names it.
  const warnings = await checkReferences(context, checked.settings);
  const shown = `${changeLines(changes, createStyle(io.colour))}${warningLines(warnings, checked.settings)}`;
  if (dryRun)
    return report(
      { outcome: "planned", changes, warnings },
      `${shown}Not saved (dry run).\n`,
      true,
    );

  io.progress.show("saving");
  const base = read.outcome === "missing" ? MISSING_BASE : read.base;
  const saved = await saveSettings(context, { base, settings: checked.settings, why });
  if (saved.outcome === "invalid") {
    return report(saved, problemLines(saved.problems), false);
  }
  if (saved.outcome !== "saved") {
    const what =
      saved.outcome === "conflict"
        ? "Somebody else has saved in the meantime: nothing was written."
        : "Somebody else saved at the same time, after you: your save was lost.";
    const remedy = "Look at their settings (caseqa config get), then repeat your change.";
    return report(saved, `${what}\n    ${remedy}\n`, false);
  }
  const { revision } = saved.settings;
  io.progress.show(`waiting until the server has revision ${revision}`);
  const sync = await syncSettings(context, revision);
  const inForce = sync.outcome === "in_force";
  const end = inForce
    ? `Saved; revision ${sync.revision} is in force.\n`
    : `Saved as revision ${revision}, but not in force yet: ${sync.message}\n    ${sync.remedy}\n`;
  return report({ outcome: "saved", revision, changes, warnings, sync }, `${shown}${end}`, inForce);
}

/** The settings that a draft starts from: the saved ones, or undefined when those are wrong or missing. */
export function startOf(read: ReadSettings): Settings | undefined {
  return read.outcome === "found" ? read.settings : undefined;
}
