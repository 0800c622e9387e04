/** What a run goes by, and what comes next in it. */
import type { Json, JsonObject } from "../model/json.ts";
import type { Effect } from "./effects.ts";
import type { Fault } from "./fault.ts";
import type { Frame, Visit } from "./frames.ts";
import type { Limits } from "./limits.ts";
import type { JsonQuery } from "./lookup.ts";
import type { ActionNode, Program, WaitNode } from "./machine.ts";
import type { StepTrace } from "./step-trace.ts";
import type { Switches } from "./switches.ts";

/** What holds for a whole run. */
export interface Context {
  readonly program: Program;
  readonly switches: Switches;
  readonly limits: Limits;
  /** `subdomain` and `zendeskHost`, which action definitions may use without being passed them. */
  readonly host: JsonObject;
  /** True when no further attempt at the whole flow follows. */
  readonly lastAttempt: boolean;
  readonly query: JsonQuery | undefined;
}

/** How a flow ended by itself. */
export type Ending =
  | { readonly status: "SUCCEEDED"; readonly message: string; readonly data: Json }
  | {
      readonly status: "FAILED";
      /** The state that met the error. */
      readonly state: string;
      readonly fault: Fault;
      readonly data: Json;
    };

/** What comes next; `left` are the states that are done with, innermost first. */
export type Decision =
  | { readonly kind: "enter"; readonly frame: Frame; readonly left: readonly StepTrace[] }
  | { readonly kind: "perform"; readonly effect: Effect; readonly visit: Visit<ActionNode> }
  | { readonly kind: "wait"; readonly seconds: number; readonly visit: Visit<WaitNode> }
  | { readonly kind: "end"; readonly ending: Ending; readonly left: readonly StepTrace[] };
