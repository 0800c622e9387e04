/** Where the values of a JSON text are, and which keys it repeats; JSON.parse reports neither. */

interface Position {
  /** 1-based, in UTF-16 code units, as editors count. */
  readonly line: number;
  readonly column: number;
}

export interface JsonSource {
  /** Undefined when the text is not JSON. */
  readonly value: unknown;
  /** Why it is not JSON; null when it is. */
  readonly problem: string | null;
  /** Pointers of the members whose key occurred earlier in the same object. */
  readonly duplicates: readonly string[];
  /** Where a value is, or the nearest value around it. */
  locate(pointer: string): Position;
}

/** Reads a text; a byte order mark is skipped. */
export function readJsonSource(raw: string): JsonSource {
  const text = raw.replace(/^\uFEFF/, "");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? "0");
    return { value, problem: message, duplicates: [], locate: () => positionAt(text, offset) };
  }
  const { offsets, duplicates } = scan(text);
  return {
    value,
    problem: null,
    duplicates,
    locate(pointer) {
      for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
        const offset = offsets.get(at);
        if (offset !== undefined) return positionAt(text, offset);
      }
      return positionAt(text, offsets.get("") ?? 0);
    },
  };
}

/** `a/b` as one step of a JSON pointer. */
export function pointerStep(key: string): string {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** A token of valid JSON; white space is what lies between. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/gy;

/** Walks a text that is known to be JSON. */
function scan(text: string): {
  readonly offsets: ReadonlyMap<string, number>;
  readonly duplicates: readonly string[];
} {
  const offsets = new Map<string, number>();
  const duplicates: string[] = [];
  const tokens = tokensOf(text);
  let at = 0;

  const walk = (pointer: string): void => {
    const token = tokens[at++];
    if (!token) return;
    offsets.set(pointer, token.offset);
    if (token.text === "{") walkMembers(pointer);
    else if (token.text === "[") walkElements(pointer);
  };
  const walkMembers = (pointer: string): void => {
    const seen = new Set<string>();
    while (tokens[at]?.text !== "}" && at < tokens.length) {
      const key = JSON.parse(tokens[at++]?.text ?? '""') as string;
      const member = `${pointer}${pointerStep(key)}`;
      if (seen.has(key)) duplicates.push(member);
      seen.add(key);
      at++;
      walk(member);
      if (tokens[at]?.text === ",") at++;
    }
    at++;
  };
  const walkElements = (pointer: string): void => {
    for (let index = 0; tokens[at]?.text !== "]" && at < tokens.length; index++) {
      walk(`${pointer}/${index}`);
      if (tokens[at]?.text === ",") at++;
    }
    at++;
  };

  walk("");
  return { offsets, duplicates };
}

function tokensOf(text: string): { readonly text: string; readonly offset: number }[] {
  const tokens: { text: string; offset: number }[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match) tokens.push({ text: match[0], offset: at });
    at += match ? match[0].length : 1;
  }
  return tokens;
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
