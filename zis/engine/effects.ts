/**
 * What a flow asks the outside world for. The engine decides, a performer does: the local ZIS performs
 * with HTTP (in `zis run` mocks answer it) and its own stores, tests with whatever they like.
 */
import type { HttpMethod } from "../model/action.ts";
import type { BuiltInAction } from "../model/names.ts";
import type { Json, JsonObject } from "../model/json.ts";

/** A custom action with all templates filled in. Credentials are not in it: the performer adds them. */
export interface HttpEffect {
  readonly kind: "http";
  /** Full action name, `zis:INT:action:NAME`. */
  readonly actionName: string;
  readonly method: HttpMethod;
  /** Exactly one of url (absolute) and path (on the account's own Zendesk host). */
  readonly url?: string;
  readonly path?: string;
  /** Query parameters to append, in order. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  /** Absent when the action sends no body; a string is sent as it is, all else as JSON. */
  readonly body?: Json;
  readonly connectionName?: string;
}

/** A built-in action other than Jq, with resolved Parameters. */
export interface BuiltInEffect {
  readonly kind: "builtin";
  readonly actionName: Exclude<BuiltInAction, "zis:common:transform:Jq">;
  readonly parameters: JsonObject;
}

/** A jq transformation. `data` is the parsed input (a JSON string parameter has been parsed). */
export interface JqEffect {
  readonly kind: "jq";
  readonly expr: string;
  readonly data: Json;
}

export type Effect = HttpEffect | BuiltInEffect | JqEffect;

/** What came back. `error` is the Cause a Catch sees; the engine turns it into a runtime error. */
export type Outcome =
  | {
      readonly ok: true;
      readonly result: Json;
      /** jq only: every output in order; the engine picks by the switch jqOutputs instead of `result`. */
      readonly outputs?: readonly Json[];
      /** What is worth a line in the log, such as a number of the reply that cannot be kept. */
      readonly warnings?: readonly string[];
      readonly elapsedMs: number;
    }
  | {
      readonly ok: false;
      readonly error: string;
      /** Status of the HTTP reply, when there was one: an uncaught 429 or 5xx is retryable. */
      readonly status?: number;
      /** Seconds that the reply's Retry-After asked for. */
      readonly retryAfterSeconds?: number;
      readonly elapsedMs: number;
    };

/**
 * Performs one effect. Never rejects for what a flow may see (a refused connection, a 500, a jq error):
 * those are `ok: false`. Must settle soon after `signal` aborts (the flow ran out of its time). An outcome
 * that took longer than `remainingMs`, what is left of the flow's time, does not reach the flow.
 */
export type Perform = (
  effect: Effect,
  signal: AbortSignal,
  remainingMs: number,
) => Promise<Outcome>;
