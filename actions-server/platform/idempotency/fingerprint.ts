/** What two requests under one key must have in common to be the same request. Pure. */
import { hash } from "node:crypto";

/** Every object's members sorted by name, so that their order does not matter. */
function toCanonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCanonical);
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, member]) => [name, toCanonical(member)]));
}

/** `7` and `"7"` are the same Zendesk id; flows hand over either. */
function toIdentityMember(value: unknown): unknown {
  return typeof value === "number" ? String(value) : (value ?? null);
}

/**
 * SHA-256, in hex, over the members that the contract marks as identity; an absent member equals null. Other members
 * may differ between two deliveries (a setting that was changed in between).
 */
export function toFingerprint(
  body: Readonly<Record<string, unknown>>,
  identity: readonly string[],
): string {
  const members = identity.toSorted().map((name) => [name, toIdentityMember(body[name])]);
  return hash("sha256", JSON.stringify(toCanonical(members)));
}
