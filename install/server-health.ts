/** Our server's health, as far as an installation needs it. */
import { ROUTES } from "#contract/routes";
import type { Health, HealthCheck } from "#contract/routes/health";
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import type { StepContext } from "./context.ts";
import type { Problem } from "./judge-state.ts";

/** An earlier server may lack members. */
export type ReportedHealth = Partial<Health>;

export async function readHealth({
  callServer,
}: Pick<StepContext, "callServer">): Promise<ReportedHealth> {
  const call = { method: "GET", path: ROUTES.health.path } as const;
  const { body } = await ask(callServer, call, "read the server's health");
  return isJsonObject(body) ? body : {};
}

/** The check of this name; null: the server does not have it. */
export function checkOf(
  { checks = [] }: ReportedHealth,
  name: string,
): (HealthCheck & { readonly ok: boolean }) | null {
  const found = checks.find((check) => check.name === name);
  return found ? { ...found, ok: found.state === "ok" } : null;
}

const FLOW_CHECKS = ["refused_flows", "flows", "test_event"] as const;

/** The first failed check on the way from Zendesk to the server: the others follow from it. */
export function brokenFlows(health: ReportedHealth): readonly Problem[] {
  const broken = FLOW_CHECKS.map((name) => checkOf(health, name)).find(
    (check) => check?.state === "failed",
  );
  return broken
    ? [{ what: broken.message, remedy: broken.cure ?? "Run caseqa doctor.", about: "flows" }]
    : [];
}
