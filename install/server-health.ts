/** What our server says of itself, as far as an installation asks. */
import { ADMIN_PATHS } from "../actions-server/contract/admin.ts";
import { isJsonObject, type JsonObject } from "../zis/model/json.ts";
import { ask } from "./ask.ts";
import type { StepContext } from "./context.ts";
import { text } from "./zis-api.ts";

/** The check of this name; null: the server has none such. */
export async function healthCheck(
  { callServer }: Pick<StepContext, "callServer">,
  name: string,
): Promise<{ readonly ok: boolean; readonly message: string } | null> {
  const { body } = await ask(
    callServer,
    { method: "GET", path: ADMIN_PATHS.health },
    "read the server's health",
  );
  const checks = isJsonObject(body) ? body["checks"] : undefined;
  const found = (Array.isArray(checks) ? checks : [])
    .filter(isJsonObject)
    .find((check: JsonObject) => check["name"] === name);
  return found ? { ok: found["state"] === "ok", message: text(found, "message") } : null;
}
