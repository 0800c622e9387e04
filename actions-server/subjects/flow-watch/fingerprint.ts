/** Distinguishes credentials without keeping them. */

/** 32 bits: enough to tell two wrong credentials apart, and too few to recover a secret. */
const HEX_DIGITS = 8;

/** @param sha256 of the secret, in the form in which the server keeps its own */
export function fingerprintOf(sha256: Buffer): string {
  return sha256.toString("hex").slice(0, HEX_DIGITS);
}
