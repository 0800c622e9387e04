/** The words of a JSON text: white space, strings, numbers, literals; with the offset of any mistake. */

/** A mistake after which reading cannot continue. `message` is a sentence. */
export class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export interface JsonScanner {
  /** Offset of the next character. */
  at: number;
  /** The next character after white space and comments; "" at the end of the text. */
  peek(): string;
  /** Reads a string, a number, true, false or null. Throws JsonSyntaxError. */
  scalar(): string | number | boolean | null;
  /** Reads a member's name. Throws JsonSyntaxError. */
  key(): string;
}

const SPACE = /[ \t\n\r]*/y;
/** A string without escapes; whether it holds control characters is checked separately. */
const PLAIN_STRING = /"[^"\\]*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z0-9_$.+-]+/y;
const COMMENT = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** A scanner over `text`. JSON has no comments: each is reported to `onComment` and skipped. */
export function createJsonScanner(text: string, onComment: (offset: number) => void): JsonScanner {
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = scanner.at;
    return pattern.exec(text)?.[0] ?? "";
  };

  const readString = (): string => {
    const start = scanner.at;
    const plain = match(PLAIN_STRING);
    if (plain !== "" && !hasControl(plain)) {
      scanner.at += plain.length;
      return plain.slice(1, -1);
    }
    scanner.at = endOfString(text, start);
    return decode(text, start, scanner.at);
  };

  const scanner: JsonScanner = {
    at: 0,

    peek() {
      scanner.at += match(SPACE).length;
      while (text[scanner.at] === "/") {
        const comment = match(COMMENT);
        if (comment === "") break;
        onComment(scanner.at);
        scanner.at += comment.length;
        scanner.at += match(SPACE).length;
      }
      return text[scanner.at] ?? "";
    },

    scalar() {
      const start = scanner.at;
      if (text[start] === '"') return readString();
      const word = match(WORD);
      const literal = LITERALS.get(word);
      const number = match(NUMBER);
      if (literal === undefined && (number === "" || number !== word)) {
        throw new JsonSyntaxError(
          start,
          `Expected a JSON value, found ${show(text, start, word)}.`,
        );
      }
      scanner.at = start + word.length;
      return literal === undefined ? Number(word) : literal;
    },

    key() {
      if (text[scanner.at] === '"') return readString();
      const found = show(text, scanner.at, match(WORD));
      throw new JsonSyntaxError(scanner.at, `Expected a name in double quotes, found ${found}.`);
    },
  };
  return scanner;
}

/** What stands at `offset`, for a message: the word there, the character, or the end of the text. */
export function show(text: string, offset: number, word = ""): string {
  if (offset >= text.length) return "the end of the text";
  const shown = word === "" ? String.fromCodePoint(text.codePointAt(offset) ?? 0) : word;
  return JSON.stringify(shown.length > 40 ? `${shown.slice(0, 40)}...` : shown);
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 0x20) return true;
  return false;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
    else if (code < 0x20) {
      throw new JsonSyntaxError(at, "A string holds a line break or another control character.");
    }
  }
  throw new JsonSyntaxError(start, "This string is not closed.");
}

function decode(text: string, start: number, end: number): string {
  try {
    return JSON.parse(text.slice(start, end)) as string;
  } catch {
    const bad = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/g;
    // Pairs of backslashes are stepped over so that the second one is not taken for an escape.
    const masked = text.slice(start, end).replaceAll("\\\\", "  ");
    throw new JsonSyntaxError(
      start + (bad.exec(masked)?.index ?? 0),
      "This escape is not allowed in JSON.",
    );
  }
}
