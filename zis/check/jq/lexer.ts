/** A jq program as tokens, without its comments. */

export type Token =
  | { readonly kind: "symbol"; readonly text: string }
  | { readonly kind: "word"; readonly text: string }
  /** `.name`. */
  | { readonly kind: "field"; readonly text: string }
  | { readonly kind: "variable"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number };

/** Longer programs are not read: nobody proves anything about them by hand either. */
const MAX_TOKENS = 2000;

const BLANK = /\s+/y;
/** A backslash at the end of a comment's line may continue it, which depends on the version of jq. */
const COMMENT = /#[^\n\r\\]*(?=\n|$)/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const WORD = /[A-Za-z_]\w*/y;
const FIELD = /\.([A-Za-z_]\w*)/y;
const VARIABLE = /\$([A-Za-z_]\w*)/y;
const STRING = /"(?:[^"\\]|\\[^(])*"/y;
const SYMBOL = /\/\/=|\|=|[-+*/%]=|==|!=|<=|>=|\/\/|[-+*/%<>=|,;:?()[\]{}.]/y;

/** The tokens; undefined when something stands in the text that these programs do not need. */
export function tokensOf(program: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < program.length;) {
    const blank = matchAt(BLANK, program, at) ?? matchAt(COMMENT, program, at);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const next = tokenAt(program, at);
    if (next === undefined || tokens.length === MAX_TOKENS) return undefined;
    tokens.push(next.token);
    at += next.length;
  }
  return tokens;
}

function tokenAt(program: string, at: number): { token: Token; length: number } | undefined {
  const number = matchAt(NUMBER, program, at);
  if (number !== undefined) return numberToken(number, program.slice(at + number.length));
  const string = matchAt(STRING, program, at);
  if (string !== undefined) return stringToken(string);
  for (const [kind, pattern, skipped] of NAMES) {
    const name = matchAt(pattern, program, at);
    if (name !== undefined) {
      return { token: { kind, text: name.slice(skipped) }, length: name.length };
    }
  }
  const symbol = matchAt(SYMBOL, program, at);
  if (symbol === undefined) return undefined;
  return { token: { kind: "symbol", text: symbol }, length: symbol.length };
}

const NAMES = [
  ["field", FIELD, 1],
  ["variable", VARIABLE, 1],
  ["word", WORD, 0],
] as const;

/** jq keeps the digits of a literal as they are written; only those that JavaScript writes alike are read. */
function numberToken(text: string, rest: string): { token: Token; length: number } | undefined {
  const value = Number(text);
  if (String(value) !== text || /^[\w.]/.test(rest)) return undefined;
  return { token: { kind: "number", value }, length: text.length };
}

function stringToken(text: string): { token: Token; length: number } | undefined {
  try {
    const value = JSON.parse(text) as string;
    return value.isWellFormed()
      ? { token: { kind: "string", value }, length: text.length }
      : undefined;
  } catch {
    return undefined;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
