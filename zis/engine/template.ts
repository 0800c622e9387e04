/** How Parameters, action definitions and messages are filled in from the data. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { parsePath, placeholders } from "../model/paths.ts";
import { RuntimeFault } from "./fault.ts";
import { compilePath, resolve, type CompiledPath, type Scope } from "./lookup.ts";

/** A JSON value with its paths and placeholders parsed once. */
export type Template =
  | { readonly constant: Json }
  | { readonly constant?: never; readonly render: (scope: Scope) => Json };

/**
 * Where placeholders work: in `parameters` only under keys that end in `.$` (source: ZIS developer guide,
 * Action state), in a `definition` of an action under plain keys too (source: Zendesk's demo bundles).
 */
export type TemplateStyle = "parameters" | "definition";

const SUFFIX = ".$";

/** The value of a template. Throws a RuntimeFault when a path leads nowhere. */
export function render(template: Template, scope: Scope): Json {
  return template.constant === undefined ? template.render(scope) : template.constant;
}

/** Parses a template; a part without paths is kept as it is and shared by all results. */
export function compileTemplate(value: Json, style: TemplateStyle): Template {
  if (typeof value === "string") {
    return style === "definition" ? compileText(value) : { constant: value };
  }
  if (Array.isArray(value)) return compileArray(value, style);
  if (isJsonObject(value)) return compileObject(value, style);
  return { constant: value };
}

function compileArray(items: readonly Json[], style: TemplateStyle): Template {
  const templates = items.map((item) => compileTemplate(item, style));
  if (templates.every((template) => template.constant !== undefined)) {
    return { constant: items as Json[] };
  }
  return { render: (scope) => templates.map((template) => render(template, scope)) };
}

function compileObject(object: JsonObject, style: TemplateStyle): Template {
  const members = Object.entries(object).map(([key, value]): [string, Template] =>
    isDynamicKey(key)
      ? [key.slice(0, -SUFFIX.length), compileDynamic(value, style)]
      : [key, compileTemplate(value, style)],
  );
  const isConstant = members.every(([, template]) => template.constant !== undefined);
  if (isConstant && !Object.keys(object).some(isDynamicKey)) return { constant: object };
  return {
    render: (scope) =>
      // fromEntries makes an own member even of "__proto__".
      Object.fromEntries(members.map(([key, template]) => [key, render(template, scope)])),
  };
}

function isDynamicKey(key: string): boolean {
  return key.length > SUFFIX.length && key.endsWith(SUFFIX);
}

/** The value of a `.$` key: a path keeps the type, text with placeholders gives a string. */
function compileDynamic(value: Json, style: TemplateStyle): Template {
  return typeof value === "string" ? compileDynamicText(value) : compileTemplate(value, style);
}

/** A path, or text with placeholders, as a `.$` key takes it. */
export function compileDynamicText(text: string): Template {
  if (!text.startsWith("$")) return compileText(text);
  const path = compilePath(text);
  if (path.segments === undefined && placeholders(text).length > 0) return compileText(text);
  return { render: (scope) => resolve(path, scope) };
}

/** Text with placeholders. */
export function compileText(text: string): Template {
  const found = placeholders(text);
  if (found.length === 0) return { constant: text };
  const parts: (string | CompiledPath)[] = [];
  let position = 0;
  for (const { start, end, path } of found) {
    parts.push(text.slice(position, start), compilePath(path));
    position = end;
  }
  parts.push(text.slice(position));
  return {
    render: (scope) =>
      parts.map((part) => (typeof part === "string" ? part : pathText(part, scope))).join(""),
  };
}

/**
 * Succeed's Message and Fail's Error and Cause: placeholders, or one whole path, without any `.$`.
 * Source: ZIS developer guide, Succeed and Fail states.
 */
export function compileMessage(text: Json): Template {
  if (typeof text !== "string") return { constant: text };
  if (!parsePath(text).ok) return compileText(text);
  const path = compilePath(text);
  return { render: (scope) => pathText(path, scope) };
}

function pathText(path: CompiledPath, scope: Scope): string {
  return textOf(resolve(path, scope), path.text, scope);
}

/** A value where only text can stand; `name` says in a warning or error what was null. */
export function textOf(value: Json, name: string, scope: Scope): string {
  if (value !== null) return toText(value);
  const { placeholderNull } = scope.switches;
  if (placeholderNull === "null") return "null";
  if (placeholderNull === "error") {
    throw new RuntimeFault(`${name} is null and cannot be inserted into a text`);
  }
  scope.warnings.push(`${name} is null: nothing was inserted for it`);
  return "";
}

/** A value as text: numbers in plain decimals, objects and arrays as JSON (inferred from bundles). */
function toText(value: Json): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return plainDecimal(value);
  return JSON.stringify(value);
}

function plainDecimal(value: number): string {
  const shortest = String(value);
  if (!shortest.includes("e")) return shortest;
  return value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 100 });
}
