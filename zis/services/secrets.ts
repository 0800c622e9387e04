/** How generated secrets and ids look. */
import { createHash } from "node:crypto";

/** A secret of 64 hexadecimal digits, as Zendesk's tokens and client secrets look. */
export function hexSecret(newId: () => string): string {
  return createHash("sha256").update(newId()).digest("hex");
}

/** A secret of 43 URL-safe base64 characters, as in the address of an inbound webhook. */
export function urlSecret(newId: () => string): string {
  return createHash("sha256").update(newId()).digest("base64url");
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A ULID: ten characters of time, sixteen of chance. */
export function ulid(at: Date, random: () => number): string {
  let time = "";
  for (let rest = at.getTime(); time.length < 10; rest = Math.floor(rest / 32)) {
    time = CROCKFORD.charAt(rest % 32) + time;
  }
  let chance = "";
  while (chance.length < 16) chance += CROCKFORD.charAt(Math.floor(random() * 32));
  return time + chance;
}

/** What stands for a secret wherever one would be shown. Source: ZIS connections API. */
export const MASK = "*****";
