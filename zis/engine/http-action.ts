/** How a custom HTTP action and the Parameters of a state become one call. */
import type { HttpActionDefinition, HttpMethod, KeyValue } from "../model/action.ts";
import type { Json } from "../model/json.ts";
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
}

type Pair = readonly [key: string, value: Template];

/** Parses the templates of an action: placeholders in plain keys, paths in keys that end in `.$`. */
export function compileAction(definition: HttpActionDefinition): CompiledAction {
  return {
    method: definition.method,
    url: compileEither(definition["url.$"], definition.url),
    path: compileEither(definition["path.$"], definition.path),
    headers: compilePairs(definition.headers),
    query: compilePairs(definition.query ?? definition.queryParams),
    body: compileEither(definition["requestBody.$"], definition.requestBody),
    connectionName: definition.connectionName,
  };
}

function compileEither(dynamic: string | undefined, plain: Json | undefined): Template | undefined {
  if (typeof dynamic === "string") return compileDynamicText(dynamic);
  return plain === undefined ? undefined : compileTemplate(plain, "definition");
}

function compilePairs(pairs: readonly KeyValue[] | undefined): readonly Pair[] {
  if (!Array.isArray(pairs)) return [];
  return pairs.map((pair: KeyValue): Pair => [
    pair.key,
    compileEither(pair["value.$"], pair.value) ?? compileText(""),
  ]);
}

/**
 * The call that an action makes. The scope's data are the state's Parameters with `subdomain` and
 * `zendeskHost` beside them. Throws a RuntimeFault when a path leads nowhere.
 */
export function httpEffect(actionName: string, action: CompiledAction, scope: Scope): HttpEffect {
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
