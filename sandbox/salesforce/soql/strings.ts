/** What a quoted text of SOQL says: its escapes resolved, or the pattern of a LIKE. */

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  '"': '"',
  "'": "'",
  "\\": "\\",
};

/** A backslash sequence that the language does not know; `offset` counts from the opening quote's end. */
export class IllegalEscape extends Error {
  readonly sequence: string;
  readonly offset: number;

  constructor(sequence: string, offset: number) {
    super(`illegal escape ${sequence}`);
    this.name = "IllegalEscape";
    this.sequence = sequence;
    this.offset = offset;
  }
}

interface Piece {
  readonly text: string;
  readonly escaped: boolean;
}

/** SOQL reference, "Quoted String Escape Sequences": `\_` and `\%` belong to LIKE alone. */
function* pieces(raw: string, inLike: boolean): Generator<Piece> {
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw.charAt(at);
    if (character !== "\\") {
      yield { text: character, escaped: false };
      continue;
    }
    const next = raw.charAt(at + 1);
    const code = /^u([0-9A-Fa-f]{4})/.exec(raw.slice(at + 1, at + 6))?.[1];
    const simple = SIMPLE[next.toLowerCase()];
    if (code) yield { text: String.fromCharCode(Number.parseInt(code, 16)), escaped: true };
    else if (simple !== undefined) yield { text: simple, escaped: true };
    else if (inLike && (next === "_" || next === "%")) yield { text: next, escaped: true };
    else throw new IllegalEscape(`\\${next}`, at);
    at += code ? 5 : 1;
  }
}

/** The text that a string literal stands for. @throws IllegalEscape */
export function decodeString(raw: string): string {
  return Array.from(pieces(raw, false), (piece) => piece.text).join("");
}

/** A LIKE pattern: `null` for `%`, `undefined` for `_`, else the character itself, in lower case. */
export type LikePattern = readonly (string | null | undefined)[];

/** Reads a LIKE pattern. @throws IllegalEscape */
export function decodePattern(raw: string): LikePattern {
  return Array.from(pieces(raw, true), ({ text, escaped }) => {
    if (escaped) return text.toLowerCase();
    if (text === "%") return null;
    return text === "_" ? undefined : text.toLowerCase();
  });
}

/**
 * True when the whole of `value` (in lower case) fits the pattern: `%` stands for any run of
 * characters, `_` for one. Time grows with the product of the two lengths and no faster, which a
 * regular expression would not promise.
 */
export function fitsPattern(value: string, pattern: LikePattern): boolean {
  let at = 0;
  let place = 0;
  let lastRun = -1;
  let resumeAt = 0;
  while (at < value.length) {
    const wanted = pattern[place];
    if (place < pattern.length && wanted === null) {
      lastRun = place;
      resumeAt = at;
      place += 1;
    } else if (place < pattern.length && (wanted === undefined || wanted === value[at])) {
      at += 1;
      place += 1;
    } else if (lastRun >= 0) {
      // Let the last run take one character more.
      resumeAt += 1;
      at = resumeAt;
      place = lastRun + 1;
    } else {
      return false;
    }
  }
  return pattern.slice(place).every((rest) => rest === null);
}
