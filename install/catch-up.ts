/**
 * Events that came while job specs were not installed are lost: after an upload our server sweeps the tickets that
 * changed since. A note in ZIS Configs makes sure of it: written before the upload, deleted when the server has taken
 * the sweep on, so that an installation that is stopped in between still owes it.
 */
import { ADMIN_PATHS } from "#contract/admin";
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import { deleteConfig, noteOf, putConfig, readConfig } from "./configs.ts";
import type { StepContext } from "./context.ts";
import { CATCH_UP_SCOPE } from "./notes.ts";
import { text } from "./zis-api.ts";

/** Zendesk starts flows minutes after the event at busy times (ZIS overview): a sweep looks a little further back. */
const MARGIN_MS = 10 * 60_000;

/** Since when a sweep is owed; null: none is. */
export async function catchUpOwed(context: StepContext): Promise<string | null> {
  const note = noteOf(await readConfig(context, CATCH_UP_SCOPE));
  return text(note, "since") || null;
}

/** To be called before an upload. An older debt stays. */
export async function oweCatchUp(context: StepContext): Promise<void> {
  if ((await catchUpOwed(context)) !== null) return;
  const since = new Date(context.now().getTime() - MARGIN_MS).toISOString();
  await putConfig(context, CATCH_UP_SCOPE, { since });
}

export type CatchUp =
  | { readonly outcome: "none" }
  | { readonly outcome: "asked"; readonly since: string; readonly sweepId: string }
  /** The server has no settings yet, so it could not judge a ticket: `settings_sync` asks when it has. */
  | { readonly outcome: "later"; readonly since: string };

/** Asks the server for the sweep that is owed. */
export async function catchUp(context: StepContext): Promise<CatchUp> {
  const since = await catchUpOwed(context);
  if (since === null) return { outcome: "none" };
  if ((await revisionInForce(context)) === null) return { outcome: "later", since };
  const { body } = await ask(
    context.callServer,
    { method: "POST", path: ADMIN_PATHS.sweeps, body: { since, reason: "upload" } },
    "ask for the catch-up sweep",
  );
  // Two installations at once may both ask: the sweep is the same work, done once.
  if ((await catchUpOwed(context)) === since) await deleteConfig(context, CATCH_UP_SCOPE);
  return { outcome: "asked", since, sweepId: isJsonObject(body) ? text(body, "id") : "" };
}

/** The newest settings that the server has; null: none. */
export async function newestInForce(
  context: Pick<StepContext, "callServer">,
): Promise<{ readonly revision: number; readonly settings: unknown } | null> {
  const { body } = await ask(
    context.callServer,
    { method: "GET", path: ADMIN_PATHS.settingsHistory },
    "read which settings the server has",
  );
  const entries = isJsonObject(body) ? body["entries"] : undefined;
  const newest: unknown = Array.isArray(entries) ? entries[0] : undefined;
  if (!isJsonObject(newest) || typeof newest["revision"] !== "number") return null;
  return { revision: newest["revision"], settings: newest["settings"] };
}

/** The revision that the server acts on; null: none yet. */
export async function revisionInForce(
  context: Pick<StepContext, "callServer">,
): Promise<number | null> {
  return (await newestInForce(context))?.revision ?? null;
}
