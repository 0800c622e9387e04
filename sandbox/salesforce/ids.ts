/** How Salesforce ids are built, checked and made whole: 15 characters are enough, 18 are case-safe. */

const CHECK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Characters 4 to 6 of every id that this stand-in mints: the "instance" part. */
const INSTANCE = "Hq0";

/** The three check characters: each encodes which of five characters are upper case. */
function checkCharacters(id15: string): string {
  return [0, 5, 10]
    .map((start) => {
      let bits = 0;
      for (let index = 0; index < 5; index += 1) {
        if (/[A-Z]/.test(id15.charAt(start + index))) bits |= 1 << index;
      }
      return CHECK_ALPHABET.charAt(bits);
    })
    .join("");
}

/**
 * The 18-character form of an id of either length; `undefined` when the text is not an id
 * (wrong length or alphabet, or check characters that do not fit).
 */
export function toId18(id: string): string | undefined {
  if (!/^(?:[0-9A-Za-z]{15}|[0-9A-Za-z]{18})$/.test(id)) return undefined;
  const id15 = id.slice(0, 15);
  const whole = id15 + checkCharacters(id15);
  return id.length === 15 || id === whole ? whole : undefined;
}

/** The id number `serial` (from 0) under a three-character key prefix, 18 characters. */
export function mintId(keyPrefix: string, serial: number): string {
  let digits = "";
  for (let rest = serial; rest > 0; rest = Math.floor(rest / 62)) {
    digits = BASE62.charAt(rest % 62) + digits;
  }
  const id15 = keyPrefix + INSTANCE + digits.padStart(9, "0");
  return id15 + checkCharacters(id15);
}

/** `length` characters of the id alphabet drawn from the bytes given; equal bytes, equal text. */
export function base62(bytes: Uint8Array, length: number): string {
  return Array.from(bytes.subarray(0, length), (byte) => BASE62.charAt(byte % 62)).join("");
}
