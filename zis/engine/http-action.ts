/** How a custom HTTP action and the Parameters of a state become one call. */
import type { HttpActionDefinition, HttpMethod, KeyValue } from "../model/action.ts";
import { isJsonObject, kindOf, type Json } from "../model/json.ts";
import { parseResourceName } from "../model/names.ts";
import type { HttpEffect } from "./effects.ts";
import { RuntimeFault } from "./fault.ts";
import type { Scope } from "./lookup.ts";
import {
  compileDynamicText,
  compileTemplate,
  compileText,
  render,
  textOf,
  type Template,
} from "./template.ts";

/** An action's definition with its templates parsed once. */
export interface CompiledAction {
  readonly method: HttpMethod;
  readonly url: Template | undefined;
  readonly path: Template | undefined;
  readonly headers: readonly Pair[];
  readonly query: readonly Pair[];
  readonly body: Template | undefined;
  readonly connectionName: string | undefined;
  /** What of the definition is left out because it has not the form that ZIS documents. */
  readonly faults: readonly PairFault[];
}

interface PairFault {
  readonly member: "headers" | "query" | "queryParams";
  /** What follows the name of the action in a sentence. */
  readonly problem: string;
}

type Pair = readonly [key: string, value: Template];

/** Parses the templates of an action: placeholders in plain keys, paths in keys that end in `.$`. */
export function compileAction(definition: HttpActionDefinition): CompiledAction {
  const queryMember = definition.query === undefined ? "queryParams" : "query";
  return {
    method: definition.method,
    url: compileEither(definition["url.$"], definition.url),
    path: compileEither(definition["path.$"], definition.path),
    headers: compilePairs(definition.headers),
    query: compilePairs(definition[queryMember]),
    body: compileEither(definition["requestBody.$"], definition.requestBody),
    connectionName: definition.connectionName,
    faults: [
      ...pairFaults(definition.headers, "headers"),
      ...pairFaults(definition[queryMember], queryMember),
    ],
  };
}

function compileEither(dynamic: string | undefined, plain: Json | undefined): Template | undefined {
  if (typeof dynamic === "string") return compileDynamicText(dynamic);
  return plain === undefined ? undefined : compileTemplate(plain, "definition");
}

function compilePairs(pairs: readonly KeyValue[] | undefined): readonly Pair[] {
  if (!Array.isArray(pairs)) return [];
  return pairs
    .filter(isPair)
    .map((pair): Pair => [pair.key, compileEither(pair["value.$"], pair.value) ?? compileText("")]);
}

function isPair(pair: unknown): pair is KeyValue {
  return isJsonObject(pair) && typeof pair["key"] === "string";
}

/** Inferred: whether ZIS drops such entries or fails is not known. */
function pairFaults(pairs: Json | readonly KeyValue[] | undefined, member: PairFault["member"]) {
  if (pairs === undefined) return [];
  if (!Array.isArray(pairs)) {
    return [
      { member, problem: ` is ${kindOf(pairs as Json)}; it must be an array, so none is sent` },
    ];
  }
  return pairs.flatMap((pair: unknown, index): PairFault[] => {
    if (isPair(pair)) return [];
    const problem = `: entry ${index} is not an object with a key, so it is not sent`;
    return [{ member, problem }];
  });
}

/**
 * The call that an action makes. The scope's data are the state's Parameters with `subdomain` and
 * `zendeskHost` beside them. Throws a RuntimeFault when a path leads nowhere.
 */
export function httpEffect(actionName: string, action: CompiledAction, scope: Scope): HttpEffect {
  const name = parseResourceName(actionName)?.name ?? actionName;
  for (const { member, problem } of action.faults) {
    scope.warnings.push(`${member} of the action ${name}${problem}`);
  }
  return {
    kind: "http",
    actionName,
    method: action.method,
    ...target(actionName, action, scope),
    query: renderPairs(action.query, scope),
    headers: renderPairs(action.headers, scope),
    ...(action.body && { body: render(action.body, scope) }),
    ...(action.connectionName !== undefined && { connectionName: action.connectionName }),
  };
}

function target(actionName: string, action: CompiledAction, scope: Scope) {
  if (action.url) return { url: textOf(render(action.url, scope), "url", scope) };
  if (action.path) return { path: textOf(render(action.path, scope), "path", scope) };
  throw new RuntimeFault(`the action ${actionName} has neither url nor path`);
}

function renderPairs(pairs: readonly Pair[], scope: Scope): (readonly [string, string])[] {
  return pairs.map(([key, value]) => [key, textOf(render(value, scope), key, scope)]);
}
