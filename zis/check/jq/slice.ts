/** Whether a jq program of any kind ends in `| TERM[0:N]`: what comes out has then at most N items. */

const TERM = String.raw`(?:\.|\$\w+|\(\)|\[\]|\.[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\[[^\]]*\]|\?)*`;
const SLICE = new RegExp(
  String.raw`^(?:\.(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)?|\(\)|\[\])\s*\[\s*0?\s*:\s*(\d{1,9})\s*\]$`,
);
/** A step that gives a name to the result of one term: whatever follows the next pipe is still last. */
const BINDING = new RegExp(
  String.raw`^(?:${TERM}\s+as\s+(?:\$\w+|\[\]|\{\})|(?:reduce|foreach)\s+${TERM}\s+as\s+(?:\$\w+|\[\]|\{\})\s*\(\))$`,
);
/** Words whose reach is hard to tell; a member of that name only costs precision. */
const HARD = /\b(?:as|def|label|import|include)\b/;

/** The most items of an array that comes out; undefined when the program does not end in such a slice. */
export function sliceLength(program: string): number | undefined {
  const outline = outlineOf(program);
  if (outline === undefined || outline.includes(",") || outline.includes("?//")) return undefined;
  const steps = outline.split("|").map((step) => step.trim());
  const last = SLICE.exec(steps.pop() ?? "");
  const isPlain = steps.every((step) => !HARD.test(step) || BINDING.test(step));
  return last?.[1] !== undefined && isPlain ? Number(last[1]) : undefined;
}

/**
 * The program with all that stands in brackets and strings left out, and without comments. Undefined when
 * brackets do not match, and where a string with an interpolation makes the text hard to read.
 */
function outlineOf(program: string): string | undefined {
  const open: { at: number; close: string }[] = [];
  let outline = "";
  for (const { at, text } of piecesOf(program)) {
    const close = CLOSING.get(text);
    const top = open.at(-1);
    if (text === "") return undefined;
    if (close !== undefined) {
      if (top === undefined) outline += text;
      open.push({ at, close });
    } else if (top?.close === text) {
      open.pop();
      if (open.length === 0) outline += numbersOnly(program.slice(top.at + 1, at)) + text;
    } else if (")]}".includes(text)) return undefined;
    else if (top === undefined) outline += text;
  }
  return open.length === 0 ? outline : undefined;
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** The bounds of a slice; of all else in brackets nothing. */
function numbersOnly(inner: string): string {
  return /^[\d\s:]*$/.test(inner) ? inner : "";
}

const COMMENT = /#[^\n\r\\]*(?=\n|$)/y;
const STRING = /"(?:[^"\\]|\\[^(])*"/y;

/** Characters, with comments as blanks and each string as one piece; an empty piece is one that is hard to read. */
function* piecesOf(program: string): Generator<{ at: number; text: string }> {
  for (let at = 0; at < program.length; at++) {
    const text = program[at] ?? "";
    const pattern = text === "#" ? COMMENT : text === '"' ? STRING : undefined;
    if (pattern === undefined) {
      yield { at, text };
      continue;
    }
    pattern.lastIndex = at;
    const whole = pattern.exec(program)?.[0];
    yield { at, text: whole === undefined ? "" : text === "#" ? " " : '""' };
    at += (whole ?? text).length - 1;
  }
}
