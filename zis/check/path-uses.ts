/** Every place where a state or an action names a path, and what the path is for. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { type ParsedPath, parsePath, placeholders } from "../model/paths.ts";
import { rulesOf, withNested } from "./conditions.ts";
import { type ActionView, objectsAt, type StateView, text } from "./context.ts";
import { child } from "./json-pointer.ts";

export interface PathUse {
  /** The path as written. */
  readonly text: string;
  readonly parsed: ParsedPath;
  /** Pointer of the string that is or holds the path. */
  readonly at: string;
  /**
   * value: read, and a runtime error when nothing is there; condition: read by a Choice; presence: read
   * by IsPresent; result: written.
   */
  readonly role: "value" | "condition" | "presence" | "result";
}

/** A string in Parameters or in an action's definition. */
export interface TemplateText {
  readonly text: string;
  readonly at: string;
  /** Its key, or that of the array around it, ends in `.$`. */
  readonly dynamic: boolean;
}

/** All strings of a template, with whether their key asks for a path. */
export function* templateTexts(
  value: Json | undefined,
  at: string,
  dynamic = false,
): Generator<TemplateText> {
  if (typeof value === "string") yield { text: value, at, dynamic };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* templateTexts(item, child(at, index));
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      yield* templateTexts(member, child(at, key), isDynamicKey(key));
    }
  }
}

/** True for a key whose value is a path or a text with placeholders. */
export function isDynamicKey(key: string): boolean {
  return key.length > 2 && key.endsWith(".$");
}

/** The paths of a text under a `.$` key: the whole text, or its placeholders. */
export function usesInDynamic(value: string, at: string): PathUse[] {
  const found = usesInText(value, at);
  if (!value.startsWith("$")) return found;
  const parsed = parsePath(value);
  return parsed.ok || found.length === 0 ? [{ text: value, parsed, at, role: "value" }] : found;
}

/** The placeholders of a text. */
function usesInText(value: string, at: string): PathUse[] {
  return placeholders(value).map(({ path, parsed }) => ({ text: path, parsed, at, role: "value" }));
}

/** The paths of Succeed's Message and of Fail's Error and Cause: a whole path, or placeholders. */
function usesInMessage(value: string, at: string): PathUse[] {
  const parsed = parsePath(value);
  return parsed.ok ? [{ text: value, parsed, at, role: "value" }] : usesInText(value, at);
}

/** The paths that a state reads, in the order in which they are written in the bundle. */
export function* readsOf(view: StateView): Generator<PathUse> {
  const { state, type, path } = view;
  if (type === "Action") yield* usesInParameters(state["Parameters"], child(path, "Parameters"));
  if (type === "Choice") yield* usesInChoice(view);
  const member = { Map: "ItemsPath", Wait: "SecondsPath" }[type ?? ""];
  if (member !== undefined) yield* whole(state, member, path, "value");
  for (const name of MESSAGES[type ?? ""] ?? []) {
    const message = text(state[name]);
    if (message !== undefined) yield* usesInMessage(message, child(path, name));
  }
}

const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  Succeed: ["Message"],
  Fail: ["Error", "Cause"],
};

/** The texts of a state in which placeholders work although their key has no `.$`. */
export function* messagesOf({ state, type, path }: StateView): Generator<TemplateText> {
  for (const name of MESSAGES[type ?? ""] ?? []) {
    yield* templateTexts(state[name], child(path, name));
  }
}

/** The ResultPaths of a state and of its Catch. */
export function* writesOf({ state, type, path }: StateView): Generator<PathUse> {
  if (type === "Action" || type === "Map" || type === "Pass") {
    yield* whole(state, "ResultPath", path, "result");
  }
  for (const catcher of objectsAt(state, "Catch", path)) {
    yield* whole(catcher.value, "ResultPath", catcher.path, "result");
  }
}

/** The paths that an action's definition reads; its data are the Parameters of the calling state. */
export function* readsOfAction({ definition, path }: ActionView): Generator<PathUse> {
  for (const { text, at, dynamic } of textsOfAction({ definition, path })) {
    yield* dynamic ? usesInDynamic(text, at) : usesInText(text, at);
  }
}

const TEMPLATE_MEMBERS = ["url", "url.$", "path", "path.$", "requestBody", "requestBody.$"];
const PAIR_MEMBERS = ["headers", "query", "queryParams"];

/** The texts of an action in which paths or placeholders work. */
export function* textsOfAction({
  definition,
  path,
}: Pick<ActionView, "definition" | "path">): Generator<TemplateText> {
  const at = child(path, "definition");
  for (const member of TEMPLATE_MEMBERS) {
    yield* templateTexts(definition[member], child(at, member), isDynamicKey(member));
  }
  for (const member of PAIR_MEMBERS) {
    for (const pair of objectsAt(definition, member, at)) {
      yield* templateTexts(pair.value["value"], child(pair.path, "value"));
      yield* templateTexts(pair.value["value.$"], child(pair.path, "value.$"), true);
    }
  }
}

function* usesInParameters(parameters: Json | undefined, at: string): Generator<PathUse> {
  for (const found of templateTexts(parameters, at)) {
    if (found.dynamic) yield* usesInDynamic(found.text, found.at);
  }
}

function* usesInChoice(view: StateView): Generator<PathUse> {
  for (const rule of rulesOf(view)) {
    for (const { condition, path } of withNested(rule)) {
      const role = Object.hasOwn(condition, "IsPresent") ? "presence" : "condition";
      yield* whole(condition, "Variable", path, role);
      for (const key of Object.keys(condition)) {
        if (key.endsWith("Path")) yield* whole(condition, key, path, "condition");
      }
    }
  }
}

function* whole(
  holder: JsonObject,
  member: string,
  at: string,
  role: PathUse["role"],
): Generator<PathUse> {
  const value = text(holder[member]);
  if (value !== undefined)
    yield { text: value, parsed: parsePath(value), at: child(at, member), role };
}
