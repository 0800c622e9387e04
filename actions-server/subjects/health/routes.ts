import type { HEALTH_ROUTES } from "#contract/routes/health";
import type { RouteHandlers } from "#platform/http/json-routes";
import { readHealth, type HealthDeps } from "./health.ts";

export function createHealthRoutes(deps: HealthDeps): RouteHandlers<typeof HEALTH_ROUTES> {
  return { health: ({ account, call }) => readHealth(deps, account, call.deadline) };
}
