/** What our server says of itself, as far as an installation asks. */
import { ADMIN_PATHS, type Health, type HealthCheck } from "#contract/admin";
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import type { StepContext } from "./context.ts";
import type { Problem } from "./judge-state.ts";

/** A server of an earlier version may lack members. */
export type SaidHealth = Partial<Health>;

export async function readHealth({
  callServer,
}: Pick<StepContext, "callServer">): Promise<SaidHealth> {
  const call = { method: "GET", path: ADMIN_PATHS.health } as const;
  const { body } = await ask(callServer, call, "read the server's health");
  return isJsonObject(body) ? body : {};
}

/** The check of this name; null: the server has none such. */
export function checkOf(
  { checks = [] }: SaidHealth,
  name: string,
): (HealthCheck & { readonly ok: boolean }) | null {
  const found = checks.find((check) => check.name === name);
  return found ? { ...found, ok: found.state === "ok" } : null;
}

const FLOW_CHECKS = ["refused_flows", "flows", "test_event"] as const;

/** What the server finds broken on the way from Zendesk to it: the first cause only, since the others follow from it. */
export function brokenFlows(health: SaidHealth): readonly Problem[] {
  const broken = FLOW_CHECKS.map((name) => checkOf(health, name)).find(
    (check) => check?.state === "failed",
  );
  return broken
    ? [{ what: broken.message, remedy: broken.cure ?? "Run caseqa doctor.", about: "flows" }]
    : [];
}
