/** How secrets are kept out of what is shown, however they are written there. */
import { isJsonObject } from "../model/json.ts";
import { MASK } from "./secrets.ts";

/** Shorter secrets are masked only where they stand alone: they would hide harmless letters. */
const SHORTEST_INSIDE_TEXT = 4;

/** Base64 says too little of a shorter one to tell it from other texts. */
const SHORTEST_IN_BASE64 = 6;

/** Copies a value with every secret in its texts masked. Names of members are kept. */
export type Mask = <T>(value: T) => T;

/**
 * A mask for these secrets; the empty text is none. A secret is found as it is, with JSON or URL escapes
 * however often it was escaped, and inside base64.
 */
export function createMask(secrets: readonly string[]): Mask {
  const known = [...new Set(secrets)].filter((secret) => secret !== "");
  if (known.length === 0) return (value) => value;
  const maskText = createTextMask(known);
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return maskText(value);
    if (Array.isArray(value)) return value.map(mask);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mask(member)]));
  };
  return (value) => mask(value) as typeof value;
}

/** The value of a header without its secret: the scheme stays, such as `Bearer *****`. */
export function maskedCredential(value: string): string {
  return `${SCHEME.exec(value)?.[0] ?? ""}${MASK}`;
}

const SCHEME = /^(?:Basic|Bearer) +/i;

function createTextMask(secrets: readonly string[]): (text: string) => string {
  const written = secrets
    .filter((secret) => secret.length >= SHORTEST_INSIDE_TEXT)
    .flatMap((secret) => [secret, ...inBase64(secret)])
    // The longest first: one may be a part of another.
    .toSorted((a, b) => b.length - a.length)
    .map(anyWriting);
  const inside = written.length === 0 ? undefined : new RegExp(written.join("|"), "g");
  return (text) => {
    if (secrets.includes(text)) return MASK;
    if (secrets.includes(text.replace(SCHEME, ""))) return maskedCredential(text);
    return inside === undefined ? text : text.replace(inside, MASK);
  };
}

/** A pattern for a text as it is, in JSON texts and in URLs, escaped once or again and again. */
function anyWriting(text: string): string {
  const parts = text.match(/\\+|[^\\]/gsu) ?? [];
  return parts.map((part, at) => writingOf(part, parts[at - 1])).join("");
}

const BACKSLASH = String.raw`(?:\\|%(?:25)*5[Cc])`;

/**
 * A backslash may be written by any number of them; each is looked for in one place only, lest a text of
 * many backslashes take long.
 *
 * @param part one character, or several backslashes in a row
 */
function writingOf(part: string, before: string | undefined): string {
  const isFirst = before === undefined;
  if (part.startsWith("\\")) {
    return String.raw`${isFirst ? String.raw`(?<!\\)` : ""}${BACKSLASH}{${part.length},}`;
  }
  const taken = before?.startsWith("\\") === true;
  const escape = taken ? "" : `${BACKSLASH}${isFirst ? "" : "+"}`;
  const slashes = isFirst || taken ? "" : `${BACKSLASH}*`;
  const units = Array.from({ length: part.length }, (_, at) => hex(part.charCodeAt(at), 4));
  const raw = units.map((unit) => String.raw`\u${unit}`).join("");
  const unicode = units
    .map((unit, at) => `${at === 0 ? escape : `${BACKSLASH}+`}u${anyCase(unit)}`)
    .join("");
  const bytes = [...Buffer.from(part)].map((byte) => `%(?:25)*${anyCase(hex(byte, 2))}`).join("");
  const short = SHORT_ESCAPES[part];
  const writings = [
    `${slashes}(?:${bytes}|${raw}${part === " " ? String.raw`|\+|%(?:25)*2[Bb]` : ""})`,
    unicode,
    ...(short === undefined ? [] : [`${escape}${short}`]),
  ];
  return `(?:${writings.join("|")})`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
};

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}

/** Hexadecimal digits in capitals and in small letters. */
function anyCase(digits: string): string {
  return digits.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** What base64 surely has of the secret, wherever in the encoded bytes it begins, in both alphabets. */
function inBase64(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret), Buffer.alloc(2)]);
    const [first, last] = [Math.ceil((before * 8) / 6), Math.floor(((bytes.length - 2) * 8) / 6)];
    const part = bytes.toString("base64").slice(first, last);
    if (part.length < SHORTEST_IN_BASE64) return [];
    return [part, part.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
