/** Patterns that match in time proportional to the text (RE2), whatever an administrator writes. */
import { createRequire } from "node:module";

/** The first match's groups, 0 being the whole; null: the group took no part. Undefined: nothing matches. */
type Pattern = (text: string) => readonly (string | null)[] | undefined;

export type OpenedPattern =
  | { readonly kind: "pattern"; readonly groups: number; readonly match: Pattern }
  | { readonly kind: "refused"; readonly message: string };

/** What is used of re2js. */
interface Re2 {
  readonly RE2JS: {
    readonly CASE_INSENSITIVE: number;
    readonly compile: (pattern: string, flags: number) => Compiled;
  };
}
interface Compiled {
  readonly groupCount: () => number;
  readonly programSize: () => number;
  readonly matcher: (text: string) => Matcher;
}
interface Matcher {
  readonly find: () => boolean;
  readonly group: (group: number) => string | null;
}

/** Instructions. Repeats make a short pattern large, and its time grows with it. */
const LARGEST_PROGRAM = 300;

const require = createRequire(import.meta.url);
let engine: Re2["RE2JS"] | undefined;

/** Loaded with the first pattern: most accounts have none. */
function loadEngine(): Re2["RE2JS"] {
  engine ??= (require("re2js") as Re2).RE2JS;
  return engine;
}

/** In the syntax of RE2: no backreferences, nothing that looks ahead or behind. */
export function openPattern(text: string, ignoresCase: boolean): OpenedPattern {
  const re2 = loadEngine();
  try {
    const compiled = re2.compile(text, ignoresCase ? re2.CASE_INSENSITIVE : 0);
    if (compiled.programSize() > LARGEST_PROGRAM) {
      return { kind: "refused", message: "the pattern repeats too much" };
    }
    const groups = compiled.groupCount();
    const match: Pattern = (searched) => {
      const matcher = compiled.matcher(searched);
      if (!matcher.find()) return undefined;
      return Array.from({ length: groups + 1 }, (_, group) => matcher.group(group));
    };
    return { kind: "pattern", groups, match };
  } catch (error) {
    const message = error instanceof Error ? error.message : "the pattern is wrong";
    return { kind: "refused", message };
  }
}
