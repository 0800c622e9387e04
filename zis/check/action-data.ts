/** What the states of a bundle know when they are entered, and what they hand to the actions they call. */
import { isJsonObject, type Json } from "../model/json.ts";
import { isBuiltInAction, parseResourceName } from "../model/names.ts";
import type { Analysis } from "./analysis.ts";
import { type ActionView, type Context, type StateView, text } from "./context.ts";
import { LEAF, look, objectShape, type Shape, shapeOf } from "./data-shape.ts";
import { child } from "./json-pointer.ts";
import { isDynamicKey, usesInDynamic } from "./path-uses.ts";

/** Every state that can be entered, with what holds of its data on all ways to it. */
export function* statesWithData({ scopes }: Context, analysis: Analysis) {
  for (const scope of scopes) {
    const analysed = analysis.scope(scope);
    if (analysed === undefined) continue;
    for (const view of scope.states.values()) {
      const data = analysed.dataAt(view);
      if (data !== undefined) yield { view, data };
    }
  }
}

/** The custom action of the bundle that a state calls. */
export function calledAction(
  { state, type }: StateView,
  { actionsByName }: Context,
): ActionView | undefined {
  const full = type === "Action" ? text(state["ActionName"]) : undefined;
  if (full === undefined || isBuiltInAction(full)) return undefined;
  return actionsByName.get(parseResourceName(full)?.name ?? full);
}

/** The data of an action's templates: the Parameters, and what the runtime adds (inferred from demos). */
export function templateData({ state, path }: StateView, data: Shape): Shape {
  const given = state["Parameters"] ?? {};
  const parameters = isJsonObject(given) ? given : {};
  const { members } = parameterShape(parameters, child(path, "Parameters"), data, 0);
  const passed = Array.from(members, ([key, member]) => [key, member.shape] as const);
  return objectShape([["subdomain", LEAF], ["zendeskHost", LEAF], ...passed]);
}

function parameterShape(value: Json, at: string, data: Shape, depth: number): Shape {
  if (Array.isArray(value)) {
    return objectShape(
      value.map((item, index) => [index, parameterShape(item, child(at, index), data, depth + 1)]),
    );
  }
  if (!isJsonObject(value)) return shapeOf(value);
  return objectShape(
    Object.entries(value).map(([key, member]) =>
      isDynamicKey(key)
        ? [key.slice(0, -2), dynamicShape(member, child(at, key), data, depth)]
        : [key, parameterShape(member, child(at, key), data, depth + 1)],
    ),
  );
}

/** A whole path keeps what it leads to; a text with placeholders is a text. */
function dynamicShape(value: Json, at: string, data: Shape, depth: number): Shape {
  if (typeof value !== "string") return parameterShape(value, at, data, depth + 1);
  const [use] = usesInDynamic(value, at);
  return use?.parsed.ok && use.text === value ? look(data, use.parsed.segments).shape : LEAF;
}
