/** JSON that is the same text for the same value, whatever the order of members, and its SHA-256. */
import { InstallError } from "./install-error.ts";

/** JSON with the members of every object sorted by code units, without whitespace. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** In hex, of the text in UTF-8. */
async function sha256(text: string): Promise<string> {
  // Browsers offer it only to pages over TLS, as ZAF's are.
  const subtle: typeof globalThis.crypto.subtle | undefined = globalThis.crypto.subtle;
  if (!subtle) {
    throw new InstallError("This page cannot compute hashes.", "Open the app over https.");
  }
  const digest = await subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The hash of a value's canonical JSON. */
export async function hashOf(value: unknown): Promise<string> {
  return sha256(canonicalJson(value));
}
