/** Reads what is installed in an account, judged by content, never by version numbers. */
import type { Bundle } from "#zis/model/bundle";
import { toInstallError } from "./ask.ts";
import { fillTemplate, hashContent } from "./bundle-template.ts";
import { catchUpOwed, revisionInForce } from "./catch-up.ts";
import { connectionNames, listConnections } from "./connections.ts";
import type { StepContext } from "./context.ts";
import { readBundles } from "./found-bundles.ts";
import { planJobSpecs } from "./job-specs.ts";
import {
  type InstallState,
  type JobSpecsState,
  judge,
  type Problem,
  problemsOf,
} from "./judge-state.ts";
import { listPrevious } from "./previous-bundles.ts";
import { brokenFlows, checkOf, readHealth } from "./server-health.ts";

import type { FieldProblem } from "./settings-check.ts";
import { checkReferences, type ReferenceProblem } from "./settings-references.ts";
import { type ReadSettings, readSettings, versionOf } from "./settings-edit.ts";
import { settingsVersionOf, TOO_NEW_REMEDY, tooNew } from "./settings-form.ts";
import { listNoted } from "./webhooks.ts";
import { isRegistered, jobSpecNames, type ListedJobSpec, listJobSpecs } from "./zis-api.ts";

export type { InstallState };

/** What cannot be read becomes a problem. Rejects with an InstallError when Zendesk refuses everything. */
export async function readState(context: StepContext): Promise<InstallState> {
  const problems: Problem[] = [];
  const wanted = await fillTemplate(context.template, context);
  const wantedContentHash = await hashContent(wanted);

  // Without the integration there is nothing else to read in Zendesk.
  const integrationRegistered = await isRegistered(context);
  const reads = createReads(problems);
  const atZendesk: typeof reads.of = async (part, otherwise, read) =>
    integrationRegistered ? reads.of(part, otherwise, read) : otherwise;
  const read = await atZendesk("bundle", [], () => readBundles(context, wanted.name));
  const [found] = read;
  const listed = await atZendesk("bundle", [], () => listJobSpecs(context));
  const jobSpecs = specsOf(found?.bundle, wanted, listed);
  const catchUpSince = await atZendesk("other", null, () => catchUpOwed(context));
  const connections = await atZendesk("connections", [], () => listConnections(context));
  const noted = await atZendesk("other", [], () => listNoted(context));
  const settings = await atZendesk("settings", null, () => readSettings(context));
  const previous = await atZendesk("other", [], () => listPrevious(context));
  const inForce = await reads.of("server", "unreachable" as const, () => revisionInForce(context));
  // An unreachable server is not asked twice.
  const health =
    inForce === "unreachable" ? null : await reads.of("server", null, () => readHealth(context));
  const webhooks = health && checkOf(health, "webhooks");
  const references =
    settings?.outcome === "found"
      ? await atZendesk("other", [], () => checkReferences(context, settings.settings))
      : [];

  const present = connections.map(({ name }) => name);
  const missingConnections = connectionNames(wanted).filter((name) => !present.includes(name));
  const isAllRead = !reads.unread.has("connections") && !reads.unread.has("other");
  const isBare =
    isAllRead && connections.length === 0 && noted.length === 0 && settings?.outcome === "missing";
  const state: InstallState = {
    state: judge({
      found: reads.unread.has("bundle") ? "unread" : found,
      wantedContentHash,
      jobSpecs,
      catchUpSince,
      isBare,
      isPartMissing:
        (!reads.unread.has("connections") && missingConnections.length > 0) ||
        settings?.outcome === "missing",
    }),
    integration: context.integration,
    integrationRegistered,
    wantedHash: context.template.sha256,
    serverUrl: context.serverUrl,
    found: found
      ? {
          uuid: found.uuid,
          hash: found.hash,
          uploadedAt: found.uploadedAt,
          serverUrl: found.serverUrl,
        }
      : null,
    jobSpecs,
    connections,
    missingConnections,
    webhooks: { recorded: noted.length, serverReady: webhooks?.ok ?? null },
    config: {
      revision: settings?.outcome === "found" ? settings.settings.revision : null,
      problem: settings?.outcome === "wrong" ? problemText(settings.problems) : null,
      enabled: settings?.outcome === "found" ? settings.settings.enabled : null,
    },
    server: {
      reachable: inForce !== "unreachable",
      settingsRevision: inForce === "unreachable" ? null : inForce,
    },
    flows: health?.flows ?? null,
    previous,
    catchUpSince,
    problems,
  };
  const own = problemsOf(state, reads.unread);
  // Flows that were never installed call nobody, and an unreachable server is a problem already.
  const unreached = state.state === "not_installed" || !health ? [] : brokenFlows(health);
  const form = settings && found ? formProblems(settings, found.bundle) : [];
  const others = [...unreached, ...form, ...referenceProblems(references)];
  return { ...state, problems: [...problems, ...own, ...others] };
}

/** Another version of CaseQA wrote settings that the account's bundle cannot read. */
function formProblems(settings: ReadSettings, bundle: Bundle): readonly Problem[] {
  if (settings.outcome !== "found") return [];
  const [version, bundleReads] = [versionOf(settings), settingsVersionOf(bundle)];
  return version > bundleReads
    ? [{ what: tooNew(version, bundleReads), remedy: TOO_NEW_REMEDY }]
    : [];
}

/** The parts that are read. */
type Part = "bundle" | "connections" | "settings" | "server" | "other";

/** Reads one after the other. Failures with the same remedy become one problem: the first. */
function createReads(problems: Problem[]) {
  const unread = new Set<Part>();
  return {
    /** The parts that could not be read. */
    unread,
    async of<T, F>(part: Part, otherwise: F, read: () => Promise<T>): Promise<T | F> {
      try {
        return await read();
      } catch (error) {
        unread.add(part);
        const { message, remedy } = toInstallError(error);
        const about = part === "server" ? { about: part } : {};
        if (!problems.some((known) => known.remedy === remedy)) {
          const what =
            part === "bundle" ? `What is installed could not be read. ${message}` : message;
          problems.push({ what, remedy, ...about });
        }
        return otherwise;
      }
    },
  };
}

function specsOf(
  bundle: Bundle | undefined,
  wanted: Bundle,
  listed: readonly ListedJobSpec[],
): JobSpecsState {
  const { installed, orphaned, extra } = planJobSpecs(bundle ? jobSpecNames(bundle) : [], listed);
  const known = listed.map(({ name }) => name);
  const missing = jobSpecNames(wanted).filter((name) => !known.includes(name));
  return { installed, orphaned, missing, extra };
}

function referenceProblems(references: readonly ReferenceProblem[]): readonly Problem[] {
  return references.map(({ field, message, severity }) => ({
    what: `The setting “${field}”: ${message}`,
    remedy: `Run caseqa config set ${field}=…, or choose anew on the app's page Settings.`,
    severity,
  }));
}

function problemText(problems: readonly FieldProblem[]): string {
  return problems.map(({ field, message }) => `${field || "document"}: ${message}`).join("; ");
}
