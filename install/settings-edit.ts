/** Reads, compares and saves the settings: ZIS Configs holds them, and a flow hands them to the server. */
import type { SettingsHistory } from "#contract/routes/settings";
import { Settings, SETTINGS_SCOPE, SETTINGS_VERSION } from "#contract/settings/settings";
import { isJsonObject } from "#zis/model/json";
import { askServer } from "./ask-server.ts";
import { canonicalJson } from "./canonical-json.ts";
import { newestInForce, revisionInForce } from "./catch-up.ts";
import { createConfig, putConfig, readConfig } from "./configs.ts";
import type { StepContext } from "./context.ts";
import { InstallError } from "./install-error.ts";
import { noteSave, readSaves } from "./saves.ts";
import { checkSettings, type FieldProblem } from "./settings-check.ts";
import { documentFor, installedSettingsVersion } from "./settings-form.ts";
import { runSteps } from "./step-remedies.ts";

export type ReadSettings =
  | {
      readonly outcome: "found";
      /** In the current version. */
      readonly settings: Settings;
      /** The older version of the document, if so; saving writes the newest version that the installed bundle reads. */
      readonly migratedFrom: number | null;
      /** What was read, for `saveSettings`. */
      readonly base: string;
    }
  | { readonly outcome: "missing" }
  /** There is a document, but it is wrong: flows do nothing until it is corrected. */
  | {
      readonly outcome: "wrong";
      readonly document: unknown;
      readonly problems: readonly FieldProblem[];
      readonly base: string;
    };

/** The version of the document that was read. */
export function versionOf({ migratedFrom }: ReadSettings & { readonly outcome: "found" }): number {
  return migratedFrom ?? SETTINGS_VERSION;
}

/** The `base` of settings that do not exist yet. */
export const MISSING_BASE = "missing";

/** Rejects with an InstallError when Zendesk refuses. */
export async function readSettings(context: StepContext): Promise<ReadSettings> {
  const document = await readConfig(context, SETTINGS_SCOPE);
  if (document === null) return { outcome: "missing" };
  const base = canonicalJson(document);
  const checked = checkSettings(document);
  if (!checked.ok) return { outcome: "wrong", document, problems: checked.problems, base };
  const { settings, migratedFrom } = checked;
  return { outcome: "found", settings, migratedFrom, base };
}

export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The differences, without version and revision. The order of lists counts. */
export function diffSettings(before: Settings, after: Settings): readonly FieldChange[] {
  const fields = Object.keys(Settings.properties) as (keyof Settings)[];
  return fields
    .filter((field) => field !== "version" && field !== "revision")
    .filter((field) => canonicalJson(before[field]) !== canonicalJson(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}

export type SaveResult =
  | { readonly outcome: "saved"; readonly settings: Settings; readonly base: string }
  | { readonly outcome: "invalid"; readonly problems: readonly FieldProblem[] }
  /** Somebody saved since `base` was read; nothing was written. Show both and let the administrator choose. */
  | { readonly outcome: "conflict"; readonly theirs: ReadSettings }
  /** Somebody saved at the same time and overwrote ours. */
  | { readonly outcome: "overwritten"; readonly theirs: ReadSettings };

/**
 * Writes settings with the next revision, above both the Config's and the server's, in the newest version that the
 * installed bundle reads. ZIS Configs has no conditional write, so another save between our read and our write can be lost;
 * reading after the write shows only whether ours was. The server's history keeps every revision that reached it.
 * Rejects with an InstallError, with nothing written, when that version cannot hold the settings.
 *
 * Who saved, and `why`, are noted beside it (`readSaves`).
 *
 * @param edit `base` from `readSettings`, or MISSING_BASE when there was no document; its `revision` is ignored
 */
export async function saveSettings(
  context: StepContext,
  edit: { readonly base: string; readonly settings: unknown; readonly why?: string },
): Promise<SaveResult> {
  const now = await readSettings(context);
  if (baseOf(now) !== edit.base) return { outcome: "conflict", theirs: now };
  const revision = 1 + Math.max(revisionOf(now), (await revisionInForce(context)) ?? 0);
  const document = isJsonObject(edit.settings) ? { ...edit.settings, revision } : edit.settings;
  const checked = checkSettings(document);
  if (!checked.ok) return { outcome: "invalid", problems: checked.problems };
  // Migrating an older document sets its revision: ours counts.
  const settings: Settings = { ...checked.settings, revision };
  const written = documentFor(settings, await installedSettingsVersion(context));
  if (now.outcome === "missing") {
    const made = await createConfig(context, SETTINGS_SCOPE, written);
    if (!made) return { outcome: "conflict", theirs: await readSettings(context) };
  } else {
    await putConfig(context, SETTINGS_SCOPE, written);
  }
  const after = await readSettings(context);
  const base = canonicalJson(written);
  if (baseOf(after) !== base) return { outcome: "overwritten", theirs: after };
  await noteSave(context, revision, edit.why ?? "");
  return { outcome: "saved", settings, base };
}

/**
 * Rewrites settings that are newer than `version` in that version, for a bundle that reads no newer one. Content and
 * revision stay the same. Rejects with an InstallError, with nothing written, when that version cannot hold them.
 *
 * @returns whether it wrote
 */
export async function fitSettings(
  context: StepContext,
  version: number,
  remedy?: (lacks: string) => string,
): Promise<boolean> {
  const read = await readSettings(context);
  if (read.outcome === "wrong") refuseLater(read.document);
  if (read.outcome !== "found" || versionOf(read) <= version) return false;
  await putConfig(context, SETTINGS_SCOPE, documentFor(read.settings, version, remedy));
  return true;
}

/** A later version of CaseQA wrote them: only that one can convert them back. */
function refuseLater(document: unknown): void {
  const version = isJsonObject(document) ? document["version"] : undefined;
  if (typeof version !== "number" || version <= SETTINGS_VERSION) return;
  throw new InstallError(
    `The settings are of version ${version}, and this build reads version ${SETTINGS_VERSION} at most: every flow would end at once.`,
    "Use the newer version of CaseQA that wrote them: its caseqa rollback brings the older bundle back and writes the settings in its form.",
  );
}

function baseOf(read: ReadSettings): string {
  return read.outcome === "missing" ? MISSING_BASE : read.base;
}

/** The schema's maximum. */
const LAST_REVISION = 2_147_483_647;

function revisionOf(read: ReadSettings): number {
  if (read.outcome === "found") return read.settings.revision;
  const document = read.outcome === "wrong" ? read.document : {};
  const revision = isJsonObject(document) ? document["revision"] : 0;
  // A wrong document may hold anything, even a number without room for a next one.
  return Number.isInteger(revision) && (revision as number) < LAST_REVISION
    ? (revision as number)
    : 0;
}

export type SyncResult =
  | { readonly outcome: "in_force"; readonly revision: number }
  /** The flow did not hand it over in time. */
  | {
      readonly outcome: "waiting" | "failed";
      readonly revision: number | null;
      readonly message: string;
      readonly remedy: string;
    };

const BETWEEN_LOOKS_MS = 500;

/**
 * Asks for a settings_sync and waits until the server has this revision, at most `waitMs` (15,000).
 * Rejects with an InstallError when the server cannot be asked.
 */
export async function syncSettings(
  context: StepContext,
  revision: number,
  waitMs = 15_000,
): Promise<SyncResult> {
  await askForSync(context);
  for (let waited = 0; ; waited += BETWEEN_LOOKS_MS) {
    const newest = await newestInForce(context);
    if (newest?.revision === revision) return { outcome: "in_force", revision };
    if (newest && newest.revision > revision) {
      return {
        outcome: "failed",
        revision: newest.revision,
        message: `The server acts on the newer revision ${newest.revision} and ignores ${revision}.`,
        remedy: `${runSteps("config")} It gives the settings a higher revision. If somebody has just saved, read them again instead.`,
      };
    }
    if (waited >= waitMs) {
      return {
        outcome: "waiting",
        revision: newest?.revision ?? null,
        message: `The flow settings_sync did not hand revision ${revision} to the server within ${waitMs / 1000} seconds.`,
        remedy: `${runSteps("connections", "job_specs")} The flow's run is in Admin Center, Apps and integrations, Integrations, Logs.`,
      };
    }
    await context.sleep(BETWEEN_LOOKS_MS);
  }
}

/** Has the server post to the webhook settings_sync. @returns the id of the event, if the server gives it */
export async function askForSync(context: StepContext): Promise<string | null> {
  const reply: { readonly event_id?: string } = await askServer(
    context.callServer,
    "ask the server for a settings sync",
    { route: "sync-settings" },
  );
  return reply.event_id ?? null;
}

/** Every document that was in force, newest first. To undo a change, save one of them again. */
export async function settingsHistory(context: StepContext): Promise<SettingsHistory> {
  return askServer(context.callServer, "read the history of the settings", {
    route: "settings-history",
  });
}

export type HistoryEntry = SettingsHistory["entries"][number] & {
  /** Who saved it, by name, and why; null: not noted. */
  readonly by: string | null;
  readonly why: string | null;
};

/** The history with who saved each revision, and why. Rejects with an InstallError. */
export async function explainedHistory(context: StepContext): Promise<readonly HistoryEntry[]> {
  const { entries } = await settingsHistory(context);
  const saves = await readSaves(context);
  return entries.map((entry) => {
    const save = saves.find(({ revision }) => revision === entry.revision);
    return { ...entry, by: save?.by || null, why: save?.why || null };
  });
}

/** As a file: JSON with two spaces. */
export function exportSettings(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}
