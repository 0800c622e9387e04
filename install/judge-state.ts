/** What is installed in an account, and what is wrong with it. Pure. */
import type { FlowContact } from "#contract/routes/flow-watch";
import type { ConnectionState } from "./connections.ts";
import { isOurs, type ReadBundle } from "./found-bundles.ts";
import type { PreviousBundle } from "./previous-bundles.ts";
import { ENABLE_REMEDY, INSTALL_REMEDY, runSteps } from "./step-remedies.ts";

/**
 * `unreadable`: the bundle or its job specs could not be read; a problem has the cause.
 * `in_sync`: the account has this build's bundle and all that it needs. `unfinished`: it has the bundle, but not all
 * that it needs: an installation is running, was stopped, or lost a part. `changed`: the content does not match its
 * stamp, or has none. `other_version`: a bundle of another build. `disabled`: our bundle is there, but on purpose none
 * of its job specs is installed.
 */
export type BundleState =
  | "unreadable"
  | "not_installed"
  | "unfinished"
  | "in_sync"
  | "changed"
  | "other_version"
  | "disabled";

/** Shown after the integration's name. */
export const STATE_TEXTS: Readonly<Record<BundleState, string>> = {
  unreadable: "could not be read: what is installed is not known",
  not_installed: "not installed",
  unfinished: "unfinished: not all that the bundle needs is there",
  in_sync: "in sync with this build",
  changed: "changed: its content is not what was uploaded",
  other_version: "another version than this build",
  disabled: "disabled: no job spec is installed",
};

interface FoundBundle {
  readonly uuid: string;
  /** Which build it is, from the content read back. */
  readonly hash: string;
  /** From its stamp; null: it has none. */
  readonly uploadedAt: string | null;
  /** The origin that its actions call; null: none, or several. */
  readonly serverUrl: string | null;
}

export interface JobSpecsState {
  /** In the account's bundle and installed: short names. */
  readonly installed: readonly string[];
  /** In the account's bundle, not installed: an upload orphaned them. Their events start nothing. */
  readonly orphaned: readonly string[];
  /** Wanted by this build, unknown to the registry. */
  readonly missing: readonly string[];
  /** Installed, not in this build's bundle: they start flows of an older one. */
  readonly extra: readonly string[];
}

export interface InstallState {
  readonly state: BundleState;
  readonly integration: string;
  readonly integrationRegistered: boolean;
  /** The hash of this build. */
  readonly wantedHash: string;
  readonly found: FoundBundle | null;
  /** The server that this build's actions call. */
  readonly serverUrl: string;
  readonly jobSpecs: JobSpecsState;
  readonly connections: readonly ConnectionState[];
  readonly missingConnections: readonly string[];
  /** Our webhooks on record, and whether our server can post to them; null: it could not be reached. */
  readonly webhooks: { readonly recorded: number; readonly serverReady: boolean | null };
  /** The Config's revision; null: there is none. */
  readonly config: {
    readonly revision: number | null;
    readonly problem: string | null;
    /** The setting; null: there are no settings, or they are wrong. */
    readonly enabled: boolean | null;
  };
  /** Our server; `settingsRevision` is the revision in force there. */
  readonly server: { readonly reachable: boolean; readonly settingsRevision: number | null };
  /** Whether flows reach our server; null: it was not asked, or is an earlier version. */
  readonly flows: FlowContact | null;
  /** Newest first. */
  readonly previous: readonly PreviousBundle[];
  /** The time since which a sweep is owed after an upload, or null. */
  readonly catchUpSince: string | null;
  /** Everything that is wrong, each with its remedy. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly what: string;
  readonly remedy: string;
  /** `server`: our server could not be read. `flows`: it reports that flows do not reach it. */
  readonly about?: "server" | "flows";
  /** Absent: it is broken. `warning`: it may be intended. `note`: worth a look, but not a fault. */
  readonly severity?: "warning" | "note";
}

export type Level = "ok" | "warning" | "failed";

/** The overall level, the same for `caseqa status`, `caseqa doctor` and the app's page. Pure. */
export function levelOf({ state, problems }: Pick<InstallState, "state" | "problems">): Level {
  const isBroken = problems.some(({ severity }) => severity === undefined);
  if (isBroken || ["unreadable", "not_installed", "unfinished"].includes(state)) return "failed";
  const isOdd = problems.some(({ severity }) => severity === "warning");
  return isOdd || state !== "in_sync" ? "warning" : "ok";
}

/**
 * Pure. No installed job spec means disabled only when no sweep is owed: an upload notes the owed sweep before it orphans
 * the job specs, so a half-done upload is not mistaken for a decision to disable.
 */
export function judge(seen: {
  readonly found: Pick<ReadBundle, "contentHash" | "claimedHash"> | "unread" | undefined;
  /** Of exactly the content that this build has in this account. */
  readonly wantedContentHash: string;
  readonly jobSpecs: Pick<JobSpecsState, "installed" | "extra" | "orphaned">;
  readonly catchUpSince: string | null;
  /** A connection or the settings are not there. */
  readonly isPartMissing: boolean;
  /** Only what Zendesk cannot delete is left: no connection, no webhook, no settings. */
  readonly isBare: boolean;
}): BundleState {
  const { found, wantedContentHash, jobSpecs, catchUpSince, isPartMissing, isBare } = seen;
  if (found === "unread") return "unreadable";
  if (!found) return "not_installed";
  const isDormant = jobSpecs.installed.length === 0 && jobSpecs.extra.length === 0;
  if (isDormant && isBare) return "not_installed";
  const isWanted = found.contentHash === wantedContentHash;
  if (isDormant && catchUpSince === null && (isWanted || isOurs(found))) return "disabled";
  const isWhole = jobSpecs.orphaned.length === 0 && catchUpSince === null && !isPartMissing;
  if (isWanted) return isWhole ? "in_sync" : "unfinished";
  return isOurs(found) ? "other_version" : "changed";
}

/** Pure. Skips parts that could not be read, which are problems already. */
export function problemsOf(state: InstallState, unread: ReadonlySet<string>): readonly Problem[] {
  const { jobSpecs, missingConnections, webhooks, config, server } = state;
  const problems: Problem[] = [];
  const add = (wrong: boolean, what: string, remedy: string, severity?: "warning") => {
    if (wrong) problems.push({ what, remedy, ...(severity && { severity }) });
  };
  if (!state.integrationRegistered) {
    add(true, `The integration ${state.integration} is not registered.`, INSTALL_REMEDY);
    return problems;
  }
  if (state.found !== null && state.state === "not_installed") {
    add(
      true,
      "CaseQA was uninstalled: its bundle is still there, but does nothing.",
      INSTALL_REMEDY,
    );
    return problems;
  }
  const isDormant = state.state === "disabled";
  const isRead = (part: "bundle" | "connections" | "settings") => !unread.has(part);
  add(
    isRead("bundle") && state.found === null,
    "The account has no bundle of ours.",
    runSteps("bundle", "job_specs"),
  );
  add(
    state.state === "changed",
    "Somebody changed the bundle after its upload, or uploaded another one.",
    `${runSteps("bundle", "job_specs")} They bring this build back.`,
  );
  add(
    state.state !== "changed" && (state.found?.serverUrl ?? state.serverUrl) !== state.serverUrl,
    `The installed bundle calls ${state.found?.serverUrl ?? ""}, and the server of this account is ${state.serverUrl}.`,
    INSTALL_REMEDY,
  );
  add(isDormant, "CaseQA is disabled: no job spec is installed.", ENABLE_REMEDY, "warning");
  add(
    config.enabled === false,
    "CaseQA is switched off by the setting “enabled”: every flow ends at once and changes nothing.",
    "Run caseqa config set enabled=true, or switch it on on the app's page Settings.",
    "warning",
  );
  add(
    !isDormant && isRead("bundle") && jobSpecs.orphaned.length > 0,
    `Job specs are not installed, so their events start nothing: ${jobSpecs.orphaned.join(", ")}.`,
    runSteps("job_specs"),
  );
  add(
    isRead("bundle") && jobSpecs.extra.length > 0,
    `Job specs of an older bundle are still installed: ${jobSpecs.extra.join(", ")}.`,
    runSteps("job_specs"),
  );
  add(
    state.catchUpSince !== null,
    `Tickets changed since ${state.catchUpSince ?? ""} were not swept yet.`,
    runSteps("job_specs", "settings_sync"),
  );
  add(
    isRead("connections") && missingConnections.length > 0,
    `Connections are missing, so no flow starts: ${missingConnections.join(", ")}.`,
    runSteps("connections"),
  );
  add(
    webhooks.serverReady === false,
    "The server has no credential for the inbound webhooks.",
    runSteps("webhooks"),
  );
  add(
    config.problem !== null,
    `The settings are wrong, so every flow ends at once: ${config.problem ?? ""}.`,
    "Run caseqa config edit, or correct them on the app's page Settings.",
  );
  add(
    isRead("settings") && config.revision === null && config.problem === null,
    "There are no settings, so every flow ends at once.",
    runSteps("config"),
  );
  add(
    server.reachable && config.revision !== null && server.settingsRevision !== config.revision,
    `The server acts on revision ${server.settingsRevision ?? "none"} of the settings, the account has ${config.revision ?? "none"}.`,
    runSteps("settings_sync"),
  );
  return problems;
}
