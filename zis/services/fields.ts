/** How members of a request are read: what is missing or wrong is named in the documented envelope. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { invalid } from "./service-error.ts";

/** The body as an object. */
export function objectBody(body: unknown): JsonObject {
  if (isJsonObject(body)) return body;
  throw invalid("the request body must be a JSON object");
}

/** A member that must be a text with at least one character. */
export function requiredText(object: Readonly<Record<string, unknown>>, key: string): string {
  const value = object[key];
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`${key} is required and must be a non-empty string`);
}

/** A member that, when present and not null, must be a text. */
export function optionalText(
  object: Readonly<Record<string, unknown>>,
  key: string,
): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw invalid(`${key} must be a string`);
}

/** A member that must be an object. */
export function requiredObject(object: Readonly<Record<string, unknown>>, key: string): JsonObject {
  const value: unknown = object[key];
  if (isJsonObject(value)) return value;
  throw invalid(`${key} is required and must be an object`);
}

/** True when `text` matches `pattern`, in which `*` stands for any run of characters. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

/** A number or text as text: names of links that are ids may be sent as numbers. */
export function asText(value: Json | undefined): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}
