/** What an Action state asks for, and what it makes of the answer. */
import type { Json, JsonObject } from "../model/json.ts";
import { readJsonText } from "../model/json-text.ts";
import { isBuiltInAction, JQ_ACTION } from "../model/names.ts";
import type { Effect, JqEffect, Outcome } from "./effects.ts";
import { RuntimeFault } from "./fault.ts";
import { httpEffect, type CompiledAction } from "./http-action.ts";
import type { Scope } from "./lookup.ts";
import type { ActionNode } from "./machine.ts";
import type { Switches } from "./switches.ts";

/** The custom actions in reach, and the data that every definition may use. */
interface Surroundings {
  readonly program: { readonly actions: ReadonlyMap<string, CompiledAction> };
  readonly host: JsonObject;
}

/** The effect of a state whose Parameters are filled in. Throws a RuntimeFault when it cannot be made. */
export function actionEffect(
  node: ActionNode,
  parameters: JsonObject,
  scope: Scope,
  { program, host }: Surroundings,
): Effect {
  const { actionName, shortName } = node;
  if (isBuiltInAction(actionName)) {
    return actionName === JQ_ACTION
      ? jqEffect(parameters, scope)
      : { kind: "builtin", actionName, parameters };
  }
  const action = isCommon(actionName) ? undefined : program.actions.get(shortName);
  if (!action) throw new RuntimeFault(`there is no action ${actionName}`);
  const data = { ...host, ...parameters };
  const whole = scope.switches.actionRoot === "parameters" ? parameters : data;
  return httpEffect(actionName, action, { ...scope, data, whole });
}

/** Names under `zis:common:` are Zendesk's own. */
function isCommon(actionName: string): boolean {
  return actionName.startsWith("zis:common:");
}

function jqEffect(parameters: JsonObject, scope: Scope): JqEffect {
  const { expr, data } = parameters;
  if (typeof expr !== "string") throw new RuntimeFault("Jq needs the parameter expr, a string");
  if (data === undefined) throw new RuntimeFault("Jq needs the parameter data");
  return { kind: "jq", expr, data: typeof data === "string" ? parseText(data, scope) : data };
}

/** Text is parsed as JSON. Source: Zendesk's demo bundles. */
function parseText(text: string, { switches, warnings }: Scope): Json {
  try {
    const { value, inexact } = readJsonText(text);
    warnings.push(...inexact);
    return value;
  } catch {
    if (switches.jqPlainText === "string") return text;
    throw new RuntimeFault("the data given to Jq are text that is not JSON");
  }
}

/** The result of an effect that succeeded. Throws a RuntimeFault when a switch refuses it. */
export function actionResult(
  outcome: Extract<Outcome, { ok: true }>,
  { jqOutputs }: Switches,
): Json {
  const { outputs, result } = outcome;
  if (!outputs) return result;
  const [first = null] = outputs;
  if (outputs.length === 1 || jqOutputs === "first") return first;
  if (jqOutputs === "all") return outputs.length > 1 ? [...outputs] : first;
  throw new RuntimeFault(`the jq program gave ${outputs.length} outputs instead of one`);
}
