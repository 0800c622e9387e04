import type { Module } from "#platform/module";
import { VERSION } from "#platform/version";
import type { HealthDeps } from "./health.ts";
import { createHealthChecks, type HealthCheckDeps } from "./health-checks.ts";
import { createHealthRoutes } from "./routes.ts";

export type HealthOptions = Omit<HealthDeps, "version" | "checks"> & HealthCheckDeps;

export function createHealth(options: HealthOptions): Module {
  const checks = createHealthChecks(options);
  return { routes: createHealthRoutes({ ...options, version: VERSION, checks }) };
}
