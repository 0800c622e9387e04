/** How the secrets of connections are kept out of what is printed. */
import { isJsonObject } from "../model/json.ts";
import { MASK } from "../services/secrets.ts";

/** Shorter secrets are masked only where they are the whole text: they would hide harmless letters. */
const SHORTEST_PART = 4;

/** Copies a value with every secret in its texts masked. */
export type Mask = <T>(value: T) => T;

/** A mask for these secrets; the empty text is none. */
export function createMask(secrets: readonly string[]): Mask {
  // The longest first: one may be a part of another.
  const known = secrets.filter((each) => each !== "").toSorted((a, b) => b.length - a.length);
  const maskText = (text: string): string =>
    known.reduce(
      (masked, secret) =>
        secret.length >= SHORTEST_PART
          ? masked.replaceAll(secret, MASK)
          : masked === secret
            ? MASK
            : masked,
      text,
    );
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return maskText(value);
    if (Array.isArray(value)) return value.map(mask);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mask(member)]));
  };
  return known.length === 0 ? (value) => value : (value) => mask(value) as typeof value;
}
