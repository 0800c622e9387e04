/** Which tokens a SOQL text is made of. */
import { queryError } from "./query-error.ts";
import { refusal } from "../errors.ts";

type TokenKind = "word" | "string" | "number" | "datetime" | "date" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a string, what stands between the quotes, escapes untouched. */
  readonly text: string;
  /** Position in the query, from 0. */
  readonly at: number;
}

/** Tried in this order at each place. `LAST_N_DAYS:30` is one word. */
const RULES: readonly (readonly [TokenKind | "space", RegExp])[] = [
  ["space", /\s+/y],
  ["datetime", /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})/y],
  ["date", /\d{4}-\d{2}-\d{2}(?!\w)/y],
  ["number", /[+-]?\d+(?:\.\d+)?(?!\w)/y],
  ["word", /[A-Za-z]\w*(?::\d+)?/y],
  ["string", /'(?:[^'\\]|\\[^])*'/y],
  ["symbol", /!=|<>|<=|>=|[=<>(),.:]/y],
];

function lexicalError(text: string, at: number): Error {
  const linesBefore = text.slice(0, at).split("\n");
  const place = `line ${linesBefore.length}:${linesBefore.at(-1)?.length ?? 0}`;
  if (text.charAt(at) !== "'") {
    const character = text.charAt(at);
    return refusal(
      400,
      "MALFORMED_QUERY",
      `${place} no viable alternative at character '${character}'`,
    );
  }
  return refusal(400, "MALFORMED_QUERY", `${place} mismatched character '<EOF>' expecting '''`);
}

/**
 * The tokens of a query, the last one of kind `end`.
 * @throws SalesforceError 400 MALFORMED_QUERY
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [kind, lexeme] = match(text, at);
    if (kind !== "space") {
      tokens.push({ kind, text: kind === "string" ? lexeme.slice(1, -1) : lexeme, at });
    }
    at += lexeme.length;
  }
  tokens.push({ kind: "end", text: "<EOF>", at });
  return tokens;
}

function match(text: string, at: number): readonly [TokenKind | "space", string] {
  for (const [kind, pattern] of RULES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) continue;
    if (kind === "symbol" && found[0] === ":") {
      throw queryError(text, at, "Bind variables only allowed in Apex code");
    }
    return [kind, found[0]];
  }
  throw lexicalError(text, at);
}
