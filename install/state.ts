/** What is installed in an account, judged by the content that the registry reads back, never by version numbers. */
import type { Bundle } from "../zis/model/bundle.ts";
import { toInstallError } from "./ask.ts";
import { fillTemplate, hashBundle } from "./bundle-template.ts";
import { catchUpOwed, revisionInForce } from "./catch-up.ts";
import { connectionNames, listConnections } from "./connections.ts";
import type { StepContext } from "./context.ts";
import { readBundles } from "./found-bundles.ts";
import { planJobSpecs } from "./job-specs.ts";
import {
  type BundleState,
  type InstallState,
  type JobSpecsState,
  judge,
  type Problem,
  problemsOf,
} from "./judge-state.ts";
import { listPrevious } from "./previous-bundles.ts";
import { healthCheck } from "./server-health.ts";
import type { FieldProblem } from "./settings-check.ts";
import { readSettings } from "./settings-edit.ts";
import { listNoted } from "./webhooks.ts";
import { isRegistered, jobSpecNames, type ListedJobSpec, listJobSpecs } from "./zis-api.ts";

export type { BundleState, InstallState };

/** Reads everything; what cannot be read becomes a problem. Rejects with an InstallError when Zendesk lets nothing be read. */
export async function readState(context: StepContext): Promise<InstallState> {
  const problems: Problem[] = [];
  const reads = createReads(problems);
  const wanted = await fillTemplate(context.template, context);
  const wantedHash = await hashBundle(wanted);

  const integrationRegistered = await reads.first(isRegistered(context));
  const read = await reads.of([], readBundles(context, wanted.name));
  const listed = await reads.of([], listJobSpecs(context));
  const [found] = read;
  const jobSpecs = specsOf(found?.bundle, wanted, listed);
  const catchUpSince = await reads.of(null, catchUpOwed(context));
  const connections = await reads.of([], listConnections(context));
  const noted = await reads.of([], listNoted(context));
  const settings = await reads.of(null, readSettings(context));
  const previous = await reads.of([], listPrevious(context));
  const inForce = await reads.of("unreachable" as const, revisionInForce(context));
  const webhooks = await reads.of(null, healthCheck(context, "webhooks"));

  const present = connections.map(({ name }) => name);
  const missingConnections = connectionNames(wanted).filter((name) => !present.includes(name));
  const isBare = connections.length === 0 && noted.length === 0 && settings?.outcome === "missing";
  const state: InstallState = {
    state: judge({ found, wantedHash, jobSpecs, catchUpSince, isBare }),
    integration: context.integration,
    integrationRegistered,
    wantedHash,
    found: found
      ? {
          uuid: found.uuid,
          hash: found.hash,
          claimedHash: found.claimedHash,
          uploadedAt: found.uploadedAt,
        }
      : null,
    jobSpecs,
    connections,
    missingConnections,
    webhooks: { recorded: noted.length, serverReady: webhooks?.ok ?? null },
    config: {
      revision: settings?.outcome === "found" ? settings.settings.revision : null,
      problem: settings?.outcome === "wrong" ? tell(settings.problems) : null,
    },
    server: {
      reachable: inForce !== "unreachable",
      settingsRevision: inForce === "unreachable" ? null : inForce,
    },
    previous,
    catchUpSince,
    problems,
  };
  return { ...state, problems: [...problems, ...problemsOf(state)] };
}

/** Reads one after the other; what fails is told once, however many reads it hits. */
function createReads(problems: Problem[]) {
  return {
    /** Without this one nothing can be said. */
    first: <T>(read: Promise<T>): Promise<T> => read,
    async of<T, F>(otherwise: F, read: Promise<T>): Promise<T | F> {
      try {
        return await read;
      } catch (error) {
        const { message, cure } = toInstallError(error);
        if (!problems.some(({ what }) => what === message)) problems.push({ what: message, cure });
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

function tell(problems: readonly FieldProblem[]): string {
  return problems.map(({ field, message }) => `${field || "document"}: ${message}`).join("; ");
}
