/** Whether a jq program of any kind ends in `| TERM[0:N]`: what comes out has then at most N items. */
import type { Token } from "./lexer.ts";

const TERM = String.raw`(?:\.|\$\w+|\(\)|\[\]|\.[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\[[\d:]*\]|\?)*`;
const SLICE = /^(?:(?:\.[A-Za-z_]\w*)+|\.|\(\)|\[\])\[0?:(\d{1,9})\]$/;
/** A step that gives a name to the result of one term: whatever follows the next pipe is still last. */
const BINDING = new RegExp(
  String.raw`^(?:${TERM} as (?:\$\w+|\[\]|\{\})|(?:reduce|foreach) ${TERM} as (?:\$\w+|\[\]|\{\})\(\))$`,
);
/** Words whose reach is hard to tell; a member of that name only costs precision. */
const HARD = /\b(?:as|def|label|import|include)\b/;

/** The most items of an array that comes out; undefined when the program does not end in such a slice. */
export function sliceLength(tokens: readonly Token[]): number | undefined {
  const outline = outlineOf(tokens);
  if (outline.includes(",") || outline.includes("?//")) return undefined;
  const steps = outline.split("|").map((step) => step.trim());
  const last = SLICE.exec(steps.pop() ?? "");
  const isPlain = steps.every((step) => !HARD.test(step) || BINDING.test(step));
  return last?.[1] !== undefined && isPlain ? Number(last[1]) : undefined;
}

/** The program as a text in which strings are empty, and brackets too unless numbers stand in them. */
function outlineOf(tokens: readonly Token[]): string {
  let [outline, inner, depth] = ["", "", 0];
  for (const { kind, text } of tokens) {
    const isBracket = kind === "symbol" && "([{}])".includes(text);
    const opens = isBracket && "([{".includes(text);
    if (isBracket && !opens && --depth === 0 && /^[\d:]*$/.test(inner)) outline += inner;
    if (depth === 0) outline += WRITTEN[kind](text);
    else inner += text;
    if (opens && ++depth === 1) inner = "";
  }
  return outline;
}

const WRITTEN: Readonly<Record<Token["kind"], (text: string) => string>> = {
  symbol: (text) => text,
  word: (text) => ` ${text} `,
  field: (text) => `.${text}`,
  variable: (text) => `$${text}`,
  string: () => '""',
  number: (text) => text,
  unread: () => '""',
};
