/** What a subject gives the server. `modules.ts` lists the subjects. */
import type { ActionHandlers } from "./http/handlers.ts";
import type { RouteHandlers } from "./http/json-routes.ts";
import type { AnswerObserver } from "./http/answered-action.ts";
import type { Worker } from "./jobs/queue.ts";
import type { Check } from "./health/check.ts";

export interface Module {
  /** The external actions that it answers. */
  readonly actions?: Partial<ActionHandlers>;
  /** The JSON routes that it answers. */
  readonly routes?: Partial<RouteHandlers>;
  /** Who does the jobs of its queues. */
  readonly workers?: readonly Worker[];
  /** Called with every answer of an action as it leaves. */
  readonly observers?: readonly AnswerObserver[];
  /** Besides those of the health subject itself. */
  readonly healthChecks?: readonly Check[];
  /** Removes what is too old; called once an hour. */
  readonly purge?: () => Promise<void>;
  /** Writes what it still holds in memory. */
  readonly close?: () => Promise<void>;
}

type Handlers = Readonly<Record<string, unknown>>;

/**
 * What all subjects answer, as one table: `actions` of the contract's operations, or `routes`.
 *
 * @throws Error unless exactly one subject answers each name of `contract`
 */
export function mergeHandlers<Part extends "actions" | "routes">(
  part: Part,
  modules: readonly Module[],
  contract: Readonly<Record<string, unknown>>,
): Required<NonNullable<Module[Part]>> {
  const merged = new Map<string, unknown>();
  for (const one of modules) {
    const handlers: Handlers = one[part] ?? {};
    for (const [name, handle] of Object.entries(handlers)) {
      if (merged.has(name)) throw new Error(`two subjects answer ${name}`);
      merged.set(name, handle);
    }
  }
  const missing = Object.keys(contract).filter((name) => !merged.has(name));
  if (missing.length > 0) throw new Error(`no subject answers ${missing.join(", ")}`);
  // Nothing is missing, and each handler has the type of its name.
  return Object.fromEntries(merged) as Required<NonNullable<Module[Part]>>;
}
