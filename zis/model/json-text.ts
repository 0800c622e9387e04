/**
 * JSON texts as flows see them. Half a surrogate pair becomes U+FFFD, as in Go, of which ZIS shows traits
 * (inferred). Numbers are doubles; those that a double cannot hold are reported, because two different ids
 * may become one.
 */
import { isJsonObject, type Json } from "./json.ts";

export interface ReadJson {
  readonly value: Json;
  /** A sentence for each number that is another one from here on. */
  readonly inexact: readonly string[];
}

/** Parses a JSON text. Throws a SyntaxError as JSON.parse does. */
export function readJsonText(text: string): ReadJson {
  const value = wellFormed(JSON.parse(text) as Json);
  return { value, inexact: SUSPICIOUS.test(text) ? inexactNumbersIn(text) : [] };
}

/** Only texts with as many digits, or with as large an exponent, can hold such a number. */
const SUSPICIOUS = /\d{16}|[eE][+-]?\d{2}/;
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** More are not named: a list of thousands of ids does not help anyone. */
const MOST_NAMED = 20;

function inexactNumbersIn(text: string): string[] {
  const found = new Set<string>();
  for (const [token] of text.matchAll(STRING_OR_NUMBER)) {
    if (!token.startsWith('"') && isInexact(token)) found.add(token);
    if (found.size === MOST_NAMED) break;
  }
  return Array.from(found, inexactNumber);
}

/** What is said of a number that cannot be kept; `literal` is how JSON writes it. */
export function inexactNumber(literal: string): string {
  const shown = literal.length > 40 ? `${literal.slice(0, 40)}...` : literal;
  return `the number ${shown} cannot be kept exactly: it is ${Number(literal)} from here on`;
}

/**
 * True for a number beyond 2^53 whose digits a double does not keep, and for one that becomes infinite or 0.
 * Fractions are rounded as everywhere.
 */
export function isInexact(literal: string): boolean {
  if (literal.length < 5) return false;
  const value = Number(literal);
  if (Number.isSafeInteger(value) && value !== 0) return false;
  if (!Number.isFinite(value)) return true;
  const digits = significantDigits(literal);
  if (value === 0) return digits !== "";
  return Math.abs(value) > Number.MAX_SAFE_INTEGER && digits !== significantDigits(String(value));
}

function significantDigits(literal: string): string {
  const [mantissa = ""] = literal.split(/e/i);
  return mantissa.replace(/[-.]/g, "").replace(/^0+|0+$/g, "");
}

/** The value with U+FFFD for each half of a surrogate pair; the value itself when there is none. */
export function wellFormed<T>(value: T): T {
  return isWellFormed(value) ? value : (rebuilt(value as Json) as T);
}

/** Without recursion: data may be nested deeper than the call stack. */
function isWellFormed(value: unknown): boolean {
  const waiting = [value];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (typeof at === "string" && !at.isWellFormed()) return false;
    if (typeof at !== "object" || at === null) continue;
    for (const [key, inner] of Object.entries(at)) {
      if (!key.isWellFormed()) return false;
      if (typeof inner === "string" ? !inner.isWellFormed() : typeof inner === "object") {
        waiting.push(inner);
      }
    }
  }
  return true;
}

function rebuilt(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(rebuilt);
  if (!isJsonObject(value)) return value;
  // fromEntries makes an own member even of "__proto__".
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.toWellFormed(), rebuilt(member)]),
  );
}
