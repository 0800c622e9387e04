/** Step 8: the server has the settings that ZIS Configs holds. */
import { catchUp, newestInForce } from "../catch-up.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Step, StepContext, StepFinding } from "../context.ts";
import { InstallError } from "../install-error.ts";
import { readSettings, syncSettings } from "../settings-edit.ts";
import { catchUpSentence } from "./job-specs.ts";
import { runSteps } from "../step-remedies.ts";

async function look(context: StepContext) {
  const read = await readSettings(context);
  if (read.outcome !== "found") {
    throw new InstallError(
      read.outcome === "missing" ? "There are no settings." : "The settings are wrong.",
      runSteps("config", "settings_sync"),
    );
  }
  const newest = await newestInForce(context);
  // Two saves of the same revision differ only in content.
  const same = newest !== null && canonicalJson(newest.settings) === canonicalJson(read.settings);
  return { revision: read.settings.revision, inForce: newest?.revision ?? null, same };
}

function inForce(revision: number): StepFinding {
  const message = `The server acts on revision ${revision}.`;
  return { outcome: "already", message, remedy: null, facts: { revision } };
}

export const settingsSyncStep: Step = {
  async run(context) {
    const before = await look(context);
    if (!before.same) {
      const synced = await syncSettings(context, before.revision);
      if (synced.outcome !== "in_force") {
        const { outcome, message, remedy } = synced;
        return { outcome, message, remedy, facts: { revision: synced.revision } };
      }
    }
    // After a first installation the sweep is still owed: without settings the server could not run it.
    const caughtUp = await catchUp(context);
    const found = inForce(before.revision);
    return {
      ...found,
      outcome: before.same && caughtUp.outcome === "none" ? "already" : "done",
      message: found.message + catchUpSentence(caughtUp),
    };
  },

  async check(context) {
    const { revision, inForce: has, same } = await look(context);
    if (same) return inForce(revision);
    return {
      outcome: "failed",
      message:
        has === null
          ? "The server has no settings yet."
          : `The server acts on revision ${has}, the account has ${revision}.`,
      remedy: runSteps("settings_sync"),
      facts: { revision: has },
    };
  },
};
