/** A jq program as tokens, without its comments. */

export interface Token {
  /** `unread`: a number or a string whose value is not known here. */
  readonly kind: "symbol" | "word" | "field" | "variable" | "string" | "number" | "unread";
  /** A field without its dot, a variable without its dollar, a string without its quotes and escapes. */
  readonly text: string;
}

/**
 * One token, or what stands between two. A backslash at the end of a comment's line may continue it, which
 * depends on the version of jq, and a string may hold an interpolation: neither is matched.
 */
const PATTERN =
  /\s+|#[^\n\r\\]*(?=\n|$)|(?<number>\d+(?:\.\d+)?)(?![\w.])|(?<string>"(?:[^"\\]|\\[^(])*")|\.(?<field>[A-Za-z_]\w*)|\$(?<variable>[A-Za-z_]\w*)|(?<word>@?[A-Za-z_]\w*)|(?<symbol>\?\/\/|\/\/=|\|=|[-+*/%]=|==|!=|<=|>=|\/\/|\.\.|[-+*/%<>=|,;:?()[\]{}.])/y;

/** The tokens; undefined when something stands in the text that is not read here. */
export function tokensOf(program: string): Token[] | undefined {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < program.length) {
    const groups = PATTERN.exec(program)?.groups as Partial<Record<Token["kind"], string>>;
    if (groups === undefined) return undefined;
    for (const [kind, text] of Object.entries(groups)) {
      if (text !== undefined) tokens.push(tokenOf(kind as Token["kind"], text));
    }
  }
  return tokens;
}

/** jq keeps the digits of a literal as they are written; only those that JavaScript writes alike are read. */
function tokenOf(kind: Token["kind"], text: string): Token {
  if (kind === "number" && String(Number(text)) !== text) return { kind: "unread", text };
  return kind === "string" ? stringToken(text) : { kind, text };
}

function stringToken(literal: string): Token {
  try {
    const text = JSON.parse(literal) as string;
    if (text.isWellFormed()) return { kind: "string", text };
  } catch {
    // jq allows in a string what JSON does not.
  }
  return { kind: "unread", text: literal };
}
