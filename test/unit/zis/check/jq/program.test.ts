import * as fc from "fast-check";
import { loadJq } from "jq-wasm";
import { expect, it } from "vitest";
import { ANYTHING, type Shape } from "#zis/check/data-shape";
import type { Known } from "#zis/check/jq/evaluate";
import { shapeOfResult } from "#zis/check/jq/shape";
import { jqProgramOf, knownAt, knownIn } from "#zis/check/jq/program";
import type { Json, JsonObject } from "#zis/model/json";
import { parsePath, type PathSegment, readPath } from "#zis/model/paths";

const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 300);

const ATOMS =
  '. .s .n .s.n .s.max .t .list .list[0] .list[1] .s.list[0] .none .none.x $x $x.n 0 1 2 3 1.5 -1 null true false "a" "1" [] {} {n:1} .["s"]';
const atom = fc.constantFrom(...ATOMS.split(" "));
const operators = "+ - * / % == != < <= > >= and or // |".split(" ");

/** Programs of the part of jq that is understood, and of some that is not. */
const { program } = fc.letrec<{ program: string; term: string; each: string }>((tie) => ({
  each: fc.oneof(
    fc.constantFrom(".list[]", ".list[]?", ".[]?", ".s.list[]?", ".t?", "(.list[], .n)"),
    fc.tuple(tie("term")).map(([a]) => `${a}[]?`),
    fc.tuple(tie("term"), tie("term")).map(([a, b]) => `(.list[] // ${a} | {n: ${b}})`),
  ),
  term: fc.oneof(
    { maxDepth: 3 },
    atom,
    tie("program").map((inner) => `(${inner})`),
    tie("program").map((inner) => `[${inner}]`),
    fc.tuple(tie("term"), tie("term")).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(tie("program"), tie("term")).map(([a, b]) => `{n: (${a}), "m": ${b}, t}`),
    fc
      .tuple(tie("program"), tie("program"), tie("program"))
      .map(([a, b, c]) => `if ${a} then ${b} else ${c} end`),
    fc.tuple(tie("program"), tie("program")).map(([a, b]) => `if ${a} then ${b} end`),
    tie("program").map((inner) => `(${inner})[0:1]`),
    // Any number of results, which only an array can take.
    fc.tuple(tie("each"), tie("term")).map(([a, b]) => `[${a} | ${b}]`),
    fc.tuple(tie("each"), tie("term")).map(([a, b]) => `[${a} as $x | {n: $x, m: ${b}}]`),
    fc.tuple(tie("each"), tie("term")).map(([a, b]) => `[${a} | select(${b}) | {n: ., m: 1}]`),
    fc.tuple(tie("each"), tie("term")).map(([a, b]) => `[${a}, ${b}]`),
    tie("program").map((inner) => `map(${inner})`),
  ),
  program: fc.oneof(
    { maxDepth: 4 },
    tie("term"),
    fc
      .tuple(tie("term"), fc.constantFrom(...operators), tie("program"))
      .map(([a, operator, b]) => `${a} ${operator} ${b}`),
    fc
      .tuple(
        fc.constantFrom(".", ".n", ".s", ".s.n", ".list[0]", ".none.x"),
        fc.constantFrom("=", "|=", "+=", "-=", "*=", "//="),
        tie("term"),
      )
      .map((parts) => parts.join(" ")),
    fc.tuple(tie("term"), tie("program")).map(([a, b]) => `${a} as $x | ${b}`),
    fc
      .tuple(tie("term"), fc.constantFrom("not", "tonumber", "tostring", "length", "floor"))
      .map(([a, name]) => `${a} | ${name}`),
    fc.tuple(tie("term"), tie("program")).map(([a, b]) => `${a}, ${b}`),
  ),
}));

const scalar = fc.constantFrom<Json>(0, 1, 2, 1.5, -1, "a", "1", "", null, true, false);
const list = fc.oneof(fc.array(scalar, { maxLength: 3 }), scalar);
const data = fc.record<JsonObject>(
  {
    s: fc.oneof(fc.record({ n: scalar, max: scalar, list }, { requiredKeys: [] }), scalar),
    n: scalar,
    t: fc.oneof(scalar, fc.constant({ deep: { n: 1 } })),
    list,
  },
  { requiredKeys: [] },
);
const places = [
  "",
  ".n",
  ".m",
  ".t",
  ".s",
  ".s.n",
  ".list",
  ".none",
  "[0]",
  "[1]",
  ".list[0]",
  ".n.n",
  ".s.list[0]",
];

/** What jq's result shows of a place, in the words of the checker. */
function shownBy(result: Json, path: readonly PathSegment[]): Known {
  const found = readPath(result, path);
  if (found.found && typeof found.value === "object" && found.value !== null) {
    return Array.isArray(found.value) ? { kind: "array", atMost: found.value.length } : undefined;
  }
  return knownIn(result, path);
}

/** False when a result has what its shape rules out, or lacks what that is sure of. */
function conforms(value: Json, shape: Shape): boolean {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const known = new Map(members);
  for (const [name, member] of shape.members) {
    const inner = known.get(String(name));
    if (inner === undefined ? member.sure : !conforms(inner, member.shape)) return false;
  }
  const { items } = shape;
  if (items && Array.isArray(value) && !value.every((item) => conforms(item, items))) return false;
  return shape.rest !== "none" || members.every(([name]) => hasMember(shape, name));
}

function hasMember({ members }: Shape, name: string): boolean {
  return members.has(name) || members.has(Number(name));
}

it(
  "what is said of a program's result is what jq makes of it",
  async () => {
    const jq = await loadJq();
    const seen = { constant: 0, array: 0, absent: 0, nothing: 0, items: 0 };
    const check = (
      expr: string,
      input: JsonObject,
      hidden: readonly string[],
      at: string,
    ): void => {
      const state = {
        ActionName: "zis:common:transform:Jq",
        Parameters: { expr, "data.$": at },
      } as JsonObject;
      const program = jqProgramOf(state);
      const parsed = parsePath(at);
      if (program === undefined || !parsed.ok) return;
      const source = readPath(input, parsed.segments);
      const { exitCode, stdout } = jq.raw(
        JSON.stringify(source.found ? source.value : null),
        expr,
        ["-c", "--"],
      );
      if (!source.found || exitCode !== 0) return;
      const outputs = stdout.split("\n").filter((line) => line !== "");
      const result = JSON.parse(outputs[0] ?? "null") as Json;
      const read = (path: readonly PathSegment[]): Known =>
        hidden.includes(path.join(".")) ? undefined : knownIn(input, path);
      const value = program.run(read);
      const shape = shapeOfResult(program.result, ANYTHING);
      if (shape.items && shape.items !== ANYTHING) seen.items++;
      expect({ expr, result, conforms: conforms(result, shape) }).toEqual({
        expr,
        result,
        conforms: true,
      });
      for (const place of places) {
        const path = parsePath(`$${place}`);
        if (!path.ok) continue;
        const said = knownAt(value, path.segments, read);
        const shown = shownBy(result, path.segments);
        if (said === undefined) seen.nothing++;
        else if (said.kind === "array") {
          seen.array++;
          if (shown?.kind === "array") expect(shown.atMost).toBeLessThanOrEqual(said.atMost);
        } else {
          seen[said.kind === "value" ? "constant" : "absent"]++;
          expect({ expr, place, known: shown }).toEqual({ expr, place, known: said });
        }
      }
    };
    const hidden = fc.subarray(["s", "n", "s.n", "s.max", "t", "list", "list.0", "s.list.0"]);
    // What random programs seldom show: items that are known, and how many there are at most.
    const rare: [string, JsonObject, string[], string] = [
      "[.list[] | {n: ., m: 1}][0:2]",
      { list: [1, 2, 3] },
      [],
      "$",
    ];
    fc.assert(fc.property(program, data, hidden, fc.constantFrom("$", "$.s"), check), {
      numRuns,
      examples: [rare],
    });
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  },
  60_000 + numRuns * 200,
);
