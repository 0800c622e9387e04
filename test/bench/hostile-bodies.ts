/** Bodies that cost as much as they can within a route's limit: every member of a right body, and the whole, spoilt. Pure. */

interface HostileBody {
  readonly kind: string;
  readonly text: string;
}

type Fill = (bytes: number) => string;

/** `piece` as often as it fits between the two ends. */
const repeat =
  (before: string, piece: (at: number) => string, after: string): Fill =>
  (bytes) => {
    const pieces: string[] = [];
    let left = bytes - before.length - after.length;
    for (let at = 0; ; at += 1) {
      const next = (at === 0 ? "" : ",") + piece(at);
      if (next.length > left) break;
      left -= next.length;
      pieces.push(next);
    }
    return before + pieces.join("") + after;
  };

/** As JSON: the dearest values of each kind that a parser and a validator meet. */
const VALUES: Readonly<Record<string, Fill>> = {
  "equal texts": repeat("[", () => '"a"', "]"),
  "different texts": repeat("[", (at) => `"${at.toString(36)}"`, "]"),
  numbers: repeat("[", () => "0", "]"),
  "empty objects": repeat("[", () => "{}", "]"),
  "empty lists": repeat("[", () => "[]", "]"),
  "lists in lists": (bytes) => "[".repeat(bytes >> 1) + "]".repeat(bytes >> 1),
  "objects in objects": (bytes) => {
    const depth = Math.floor((bytes - 1) / 6);
    return `${'{"a":'.repeat(depth)}0${"}".repeat(depth)}`;
  },
  "many members": repeat("{", (at) => `"k${at.toString(36)}":0`, "}"),
  "one member again and again": repeat("{", () => '"a":0', "}"),
  "members named by falling numbers": repeat("{", (at) => `"${4_000_000 - 37 * at}":0`, "}"),
  "a long text": (bytes) => `"${"a".repeat(bytes - 2)}"`,
  "a text of digits": (bytes) => `"${"1".repeat(bytes - 2)}"`,
  "a text of escapes": (bytes) => `"${"\\u0041".repeat((bytes - 2) / 6)}"`,
  "a long number": (bytes) => "9".repeat(bytes),
};

/** Not JSON, found late. */
const BROKEN: Readonly<Record<string, Fill>> = {
  "brackets that stay open": (bytes) => "[".repeat(bytes),
  "members that stay open": (bytes) => '{"a":'.repeat(bytes / 5),
  "a text that stays open": (bytes) => `"${"a".repeat(bytes - 1)}`,
  "texts with a broken end": (bytes) => repeat("[", () => '""', "]")(bytes - 1) + "x",
  "lines with a broken end": (bytes) => `[${"\n".repeat(bytes - 2)}x`,
  blanks: (bytes) => " ".repeat(bytes),
};

/** `right` with spaces behind it up to the limit comes first. */
export function hostileBodies(right: object, bytes: number): readonly HostileBody[] {
  const text = JSON.stringify(right);
  const found = [{ kind: "the longest right one", text: pad(text, bytes) }];
  for (const [kind, fill] of Object.entries(BROKEN)) found.push({ kind, text: fill(bytes) });
  for (const [kind, fill] of Object.entries(VALUES)) {
    found.push({ kind: `${kind} as the body`, text: fill(bytes) });
    for (const path of pathsOf(right)) {
      const hole = JSON.stringify(put(right, path, HOLE));
      const room = bytes - Buffer.byteLength(hole) + JSON.stringify(HOLE).length;
      if (room < 100) continue;
      const filled = hole.replace(JSON.stringify(HOLE), () => fill(room));
      found.push({ kind: `${kind} in ${path.join(".")}`, text: filled });
    }
  }
  return found;
}

const HOLE = "hole-of-the-benchmark";
/** A member that no contract has. */
const UNKNOWN = "zzz";

function pad(text: string, bytes: number): string {
  return text + " ".repeat(Math.max(0, bytes - Buffer.byteLength(text)));
}

/** Of every member, of an unknown one, and one level deeper where objects are. */
function pathsOf(right: object): string[][] {
  return [...Object.entries(right), [UNKNOWN, undefined] as const].flatMap(([name, value]) => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const below = isObject ? pathsOf(value as object).map((path) => [name, ...path]) : [];
    return [[name], ...below];
  });
}

/** Beside the member nothing long is left: the room is for the spoilt one. */
function put(right: object, [name = "", ...below]: readonly string[], value: unknown): object {
  const short = Object.entries(right).map(([key, member]) => [key, shorten(member)]);
  const inner: unknown = (right as Record<string, unknown>)[name];
  return {
    ...Object.fromEntries(short),
    [name]: below.length > 0 ? put(inner as object, below, value) : value,
  } as object;
}

function shorten(member: unknown): unknown {
  if (Array.isArray(member)) return member.slice(0, 1).map(shorten);
  if (typeof member === "object" && member !== null) {
    return Object.fromEntries(Object.entries(member).map(([key, each]) => [key, shorten(each)]));
  }
  return typeof member === "string" && member.length > 100 ? "x" : member;
}
