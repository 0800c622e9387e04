/** Takes over the settings that a flow loaded from ZIS Configs, unless they are wrong or outdated. */
import type { ApplySettingsReply, ApplySettingsRequest } from "#contract/actions/apply-settings";
import type { Transaction } from "kysely";
import { Settings } from "#contract/settings/settings";
import type { Database } from "#platform/db/schema";
import type { WriteContext } from "#platform/http/handlers";
import { toFingerprint } from "#platform/idempotency/fingerprint";
import type { Work } from "#platform/idempotency/work";
import { storableJson } from "#platform/db/storable";
import { appendSettings, lockHistory, newestEntry, type SettingsEntry } from "./history.ts";
import { readSettings } from "./read-settings.ts";

type ApplyContext = Pick<WriteContext, "account" | "log">;

/**
 * What to do with valid settings. Each save raises the revision, so a lower one comes from a flow that ran late. Two
 * administrators who save at once make two documents with the same revision. ZIS Configs keeps the one written last, every
 * flow loads that one, and so does the hourly run; so whichever arrives last is taken over, and both stay in the history.
 */
export function decideApply(
  candidate: SettingsEntry,
  inForce: SettingsEntry | undefined,
): "applied" | "unchanged" | "outdated" {
  if (!inForce || candidate.revision > inForce.revision) return "applied";
  if (candidate.revision < inForce.revision) return "outdated";
  return candidate.fingerprint === inForce.fingerprint ? "unchanged" : "applied";
}

export interface ApplyDeps {
  /** Lets others follow the settings that are in force with this transaction; also when they are the same again. */
  readonly follow: (
    trx: Transaction<Database>,
    account: string,
    settings: Settings,
  ) => Promise<void>;
  readonly now: () => Date;
}

export async function applySettings(
  { follow, now }: ApplyDeps,
  { settings: document }: ApplySettingsRequest,
  { account, log }: ApplyContext,
): Promise<Work<ApplySettingsReply>> {
  const read = readSettings(document);
  if (!read.ok) {
    log.warn({ problem: read.problem }, "settings were rejected; the last good ones stay");
    const rejected = { outcome: "rejected", revision: null, problem: read.problem } as const;
    return {
      answer: rejected,
      commit: async (trx) => ({
        ...rejected,
        revision: (await newestEntry(trx, account))?.revision ?? null,
      }),
    };
  }
  const settings = storableJson(read.settings) as Settings;
  const { revision } = settings;
  const fingerprint = toFingerprint(settings, Object.keys(Settings.properties));
  return {
    answer: { outcome: "applied", revision, problem: "" },
    commit: async (trx) => {
      await lockHistory(trx, account);
      const inForce = await newestEntry(trx, account);
      const outcome = decideApply({ revision, fingerprint }, inForce);
      if (outcome === "applied") {
        await appendSettings(trx, account, { settings, fingerprint, appliedAt: now() });
      }
      if (outcome !== "outdated") await follow(trx, account, settings);
      const stays = outcome === "outdated" && inForce;
      return { outcome, revision: stays ? stays.revision : revision, problem: "" };
    },
  };
}
