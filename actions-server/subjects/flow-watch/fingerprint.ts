/** Distinguishes credentials without keeping them. */

/** 32 bits: two wrong credentials differ by it, and nothing leads back from it to a secret. */
const HEX_DIGITS = 8;

/** @param sha256 of the secret, as the server keeps those that it knows */
export function fingerprintOf(sha256: Buffer): string {
  return sha256.toString("hex").slice(0, HEX_DIGITS);
}
