/** Our server's health, as far as an installation needs it. */
import type { Health, HealthCheck } from "#contract/routes/health";
import { askServer } from "./ask-server.ts";
import type { StepContext } from "./context.ts";
import type { Problem } from "./judge-state.ts";

/** An earlier server may lack members. */
export type ReportedHealth = Partial<Health>;

export async function readHealth({
  callServer,
}: Pick<StepContext, "callServer">): Promise<ReportedHealth> {
  return askServer(callServer, "read the server's health", { route: "health" });
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
