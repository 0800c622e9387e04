/** Who saved which revision of the settings, and why: one note in ZIS Configs, updated with each save. */
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import { noteOf, putConfig, readConfig } from "./configs.ts";
import type { StepContext } from "./context.ts";
import { SAVES_SCOPE } from "./notes.ts";
import { text } from "./zis-api.ts";

export interface Save {
  readonly revision: number;
  /** The Zendesk user's name. */
  readonly by: string;
  /** The reason that was given; may be empty. */
  readonly why: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

const KEPT = 50;
/** In UTF-16 units; what is longer is cut. */
export const LONGEST_WHY = 200;

/** Newest first. Of two simultaneous saves the note of one may be lost. Rejects with an InstallError. */
export async function readSaves(context: StepContext): Promise<readonly Save[]> {
  const { saves } = noteOf(await readConfig(context, SAVES_SCOPE));
  return (Array.isArray(saves) ? saves : []).filter(isJsonObject).flatMap((save) => {
    const { revision } = save;
    if (typeof revision !== "number") return [];
    return [{ revision, by: text(save, "by"), why: text(save, "why"), at: text(save, "at") }];
  });
}

/** Notes who saved a revision. A failure is ignored: the save itself is done. */
export async function noteSave(context: StepContext, revision: number, why: string): Promise<void> {
  try {
    const save: Save = {
      revision,
      by: await whoAmI(context),
      why: why.slice(0, LONGEST_WHY),
      at: context.now().toISOString(),
    };
    const others = (await readSaves(context)).filter((other) => other.revision !== revision);
    await putConfig(context, SAVES_SCOPE, { saves: [save, ...others].slice(0, KEPT) });
  } catch {
    // The history then says "unknown".
  }
}

async function whoAmI({ callZendesk }: StepContext): Promise<string> {
  const request = { method: "GET", path: "/api/v2/users/me.json" } as const;
  const { body } = await ask(callZendesk, request, "read who is signed in", [401, 403, 404]);
  const user = isJsonObject(body) ? body["user"] : undefined;
  return isJsonObject(user) ? text(user, "name") : "";
}
