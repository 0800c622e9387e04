/** Parses a JSON body; an error names the position and never shows the text. */
import { AppError } from "../errors.ts";

const BLANK = /[ \t\n\r]*/y;
const SCALAR =
  // oxlint-disable-next-line no-control-regex -- JSON forbids exactly these in a string
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

/** Reads on from `at` what the pattern matches; the same position when it does not. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** What may come next inside the containers that are open. */
type Expected = "value" | "value-or-close" | "name" | "name-or-close" | "colon" | "comma-or-close";

/** Where `text` stops being JSON: a walk without recursion, because bodies may be nested deeply. */
export function findJsonFault(text: string): number {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = skip(BLANK, text, 0);
  for (;;) {
    const char = text[at];
    const inside = open.at(-1);
    if (char === undefined) return at;
    if ((expected === "value" || expected === "value-or-close") && (char === "{" || char === "[")) {
      open.push(char);
      expected = char === "{" ? "name-or-close" : "value-or-close";
      at += 1;
    } else if (
      (char === "}" && inside === "{" && /^(name-or-close|comma-or-close)$/.test(expected)) ||
      (char === "]" && inside === "[" && /^(value-or-close|comma-or-close)$/.test(expected))
    ) {
      open.pop();
      expected = "comma-or-close";
      at += 1;
    } else if (char === "," && inside && expected === "comma-or-close") {
      expected = inside === "{" ? "name" : "value";
      at += 1;
    } else if (char === ":" && expected === "colon") {
      expected = "value";
      at += 1;
    } else {
      if (expected === "colon" || expected === "comma-or-close") return at;
      const isName = expected === "name" || expected === "name-or-close";
      if (isName && char !== '"') return at;
      const end = skip(SCALAR, text, at);
      if (end === at) return at;
      if (isName) expected = "colon";
      else expected = "comma-or-close";
      at = end;
    }
    at = skip(BLANK, text, at);
  }
}

function toLineAndColumn(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The value, or BAD_REQUEST with the place of the fault. */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === "")
    throw new AppError("BAD_REQUEST", "the body is empty; send a JSON object");
  try {
    return JSON.parse(text);
  } catch {
    const at = findJsonFault(text);
    const what = at >= text.length ? "ends too early" : "is not JSON";
    throw new AppError("BAD_REQUEST", `the body ${what} at ${toLineAndColumn(text, at)}`, {
      details: { position: at },
    });
  }
}
