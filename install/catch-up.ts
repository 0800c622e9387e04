/**
 * Events are lost while job specs are not installed, so after an upload our server sweeps the tickets that changed since.
 * A note in ZIS Configs records that the sweep is owed. It is written before the upload and deleted when the server has
 * accepted the sweep, so an installation that stops in between does not forget it.
 */
import { askServer } from "./ask-server.ts";
import { deleteConfig, noteOf, putConfig, readConfig } from "./configs.ts";
import type { StepContext } from "./context.ts";
import { CATCH_UP_SCOPE } from "./notes.ts";
import { text } from "./zis-api.ts";

/** Zendesk starts flows minutes late at busy times (ZIS overview), so a sweep looks further back. */
const MARGIN_MS = 10 * 60_000;

/** The time since which a sweep is owed, or null. */
export async function catchUpOwed(context: StepContext): Promise<string | null> {
  const note = noteOf(await readConfig(context, CATCH_UP_SCOPE));
  return text(note, "since") || null;
}

/** Call it before an upload. An earlier note stays. */
export async function oweCatchUp(context: StepContext): Promise<void> {
  if ((await catchUpOwed(context)) !== null) return;
  const since = new Date(context.now().getTime() - MARGIN_MS).toISOString();
  await putConfig(context, CATCH_UP_SCOPE, { since });
}

export type CatchUp =
  | { readonly outcome: "none" }
  | { readonly outcome: "asked"; readonly since: string; readonly sweepId: string }
  /** The server has no settings yet, so it cannot decide about tickets: the step `settings_sync` asks again. */
  | { readonly outcome: "later"; readonly since: string };

/** Asks the server for the sweep that is owed. */
export async function catchUp(context: StepContext): Promise<CatchUp> {
  const since = await catchUpOwed(context);
  if (since === null) return { outcome: "none" };
  if ((await revisionInForce(context)) === null) return { outcome: "later", since };
  const { id: sweepId } = await askServer(context.callServer, "ask for the catch-up sweep", {
    route: "request-sweep",
    body: { since, reason: "upload" },
  });
  // Two installations may both ask: the server runs one sweep.
  if ((await catchUpOwed(context)) === since) await deleteConfig(context, CATCH_UP_SCOPE);
  return { outcome: "asked", since, sweepId };
}

/** The newest settings that the server has, or null. */
export async function newestInForce(
  context: Pick<StepContext, "callServer">,
): Promise<{ readonly revision: number; readonly settings: unknown } | null> {
  const { entries } = await askServer(context.callServer, "read which settings the server has", {
    route: "settings-history",
  });
  return entries[0] ?? null;
}

/** The revision that the server uses, or null. */
export async function revisionInForce(
  context: Pick<StepContext, "callServer">,
): Promise<number | null> {
  return (await newestInForce(context))?.revision ?? null;
}
