/** Random flows: wild ones, whose states lead anywhere, and structured ones, as authors write them. */
import * as fc from "fast-check";
import type { HttpActionDefinition } from "#zis/model/action";
import type { FlowDefinition, State } from "#zis/model/flow";
import type { Json, JsonObject } from "#zis/model/json";

/** The custom action that every random flow may call; it needs the parameter `value`. */
export const RANDOM_FLOW_ACTIONS: Readonly<Record<string, HttpActionDefinition>> = {
  send: {
    method: "POST",
    path: "/api/v2/things/{{$.subdomain}}",
    requestBody: { "value.$": "$.value" },
  },
};

/** What lies under these members of the data is written by the flow itself, never by a reply. */
export const WRITTEN_BY_FLOW: readonly string[] = ["a", "k", "list", "flag", "error", "m"];

const CONSTANTS: readonly Json[] = [
  0,
  1,
  3,
  "x",
  true,
  null,
  { b: 1 },
  { n: 0, max: 3 },
  [],
  [{}, { b: 1 }],
  [{ a: { b: 2 }, list: [{}] }],
];
const TARGETS = ["$.a", "$.a.b", "$.k", "$.k.n", "$.list", "$.flag", "$.list[0].a"];
/** Members that the preface of a structured flow writes, and others that may be there or not. */
const LIKELY = ["$.a", "$.a.b", "$.k.n", "$.k.max", "$.list", "$.list[0]"];
const UNLIKELY = [...TARGETS, "$.error.Cause", "$.m", "$.b"];
const UNKNOWN = ["$.input.random", "$.reply.id", "$.sliced", "$.input.items"];

const constant = fc.constantFrom(...CONSTANTS);
const target = fc.constantFrom(...TARGETS);
const read = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LIKELY) },
  { weight: 1, arbitrary: fc.constantFrom(...UNLIKELY) },
  { weight: 1, arbitrary: fc.constantFrom(...UNKNOWN) },
);
const small = fc.integer({ min: -1, max: 3 });

const comparison: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ Variable: read, IsPresent: fc.boolean() }),
  fc.record({ Variable: read, IsNull: fc.boolean() }),
  fc.record({ Variable: read, BooleanEquals: fc.boolean() }),
  fc.record({ Variable: read, NumericLessThan: small }),
  fc.record({ Variable: read, NumericGreaterThanEquals: small }),
  fc.record({ Variable: read, NumericEqualsPath: read }),
  fc.record({ Variable: read, StringEquals: fc.constantFrom("x", "y") }),
  fc.record({ Variable: read, StringLessThan: fc.constantFrom("x", "y") }),
  fc.record({ Variable: read, TimestampLessThan: fc.constant("2026-01-01T00:00:00Z") }),
);
const condition: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: comparison },
  fc.record({ Not: comparison }),
  fc.record({ And: fc.array(comparison, { minLength: 1, maxLength: 2 }) }),
  fc.record({ Or: fc.array(comparison, { minLength: 1, maxLength: 2 }) }),
);

const text = read.map((path) => `it is {{${path}}}`);

/** Ways to count at which authors arrive, for the data $. */
const COUNTERS = [
  ".k.n + 1",
  "(.k.n // 0) + 1",
  ".k.n - 1",
  "1 + .k.n",
  "(.k.n | tonumber) + 1",
  "if .k.n then .k.n + 1 else 1 end",
  ".k.n as $n | $n + 1",
  ". as $all | $all.k.n + 1 # one more",
  "[.k.n + 1] | .[0]",
];
/** The same for the data $.k, giving the whole of it. No `if`: its members would not be known. */
const OBJECT_COUNTERS = [
  "{n: (.n + 1)}",
  ".n |= . + 1",
  ".n += 1",
  ". + {n: (.n + 1)}",
  ".n = .n + 1",
];
/** Some of these are longer than their last step looks. */
const SLICES = [
  "[], . as $y | .input.items",
  ".input.items, . as $y | .input.items[0:1]",
  "[{}, {}] + . as $y | [{}][0:1]",
  ". as $y | (.input.items // [])[0:1]",
  "reduce .list[] as $x ([]; . + [{}]) | .[0:1]",
];

function jqAction(
  programs: readonly string[],
  data: string,
  ResultPath: string,
): fc.Arbitrary<JsonObject> {
  return fc.constantFrom(...programs).map((expr) => ({
    ActionName: "zis:common:transform:Jq",
    Parameters: { expr, "data.$": data },
    ResultPath,
  }));
}

/** An Action without its way on. */
const action: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.oneof(read, text).map((value) => ({
    ActionName: "zis:int:action:send",
    Parameters: { "value.$": value },
    ResultPath: "$.reply",
  })),
  read.map((path) => ({
    ActionName: "zis:common:action:LoadConfig",
    Parameters: { "scope.$": path },
    ResultPath: "$.reply",
  })),
  jqAction(COUNTERS, "$", "$.k.n"),
  jqAction(OBJECT_COUNTERS, "$.k", "$.k"),
  jqAction([".k | .n += 1", ".k.n += 1 | .k", "{n: (.k.n + 1), max: .k.max}"], "$", "$.k"),
  jqAction([".k.n += 1", ".k.n -= 1"], "$", "$"),
  jqAction([".k.n >= 2", ".k.n == .k.max", ".flag | not", ".k | .n < .max"], "$", "$.flag"),
  jqAction(SLICES, "$", "$.sliced"),
  fc.constantFrom("(.list // [])[0:1]", "[]", ".list[]", "empty", "{}").map((expr) => ({
    ActionName: "zis:common:transform:Jq",
    Parameters: { expr, "data.$": "$" },
    ResultPath: "$.sliced",
  })),
);
const wait: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ Seconds: fc.constantFrom(0.5, 2, 40) }),
  fc.record({ SecondsPath: read }),
);
const ending: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ Type: "Succeed" }) },
  fc.oneof(read, text).map((Message) => ({ Type: "Succeed", Message })),
  fc.record({ Type: fc.constant("Fail"), Error: fc.constant("E"), Cause: text }),
);
const itemsPath = fc.constantFrom(
  "$.list",
  "$.list",
  "$.input.items",
  "$.sliced",
  "$.list[0].list",
);

function catching(Next: string): JsonObject {
  return { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next }] };
}

const NAMES = ["A", "B", "C", "D", "E", "F"];

/** States that lead to any state of their scope, back too; `depth` Maps may lie in each other. */
function wildFlow(depth: number): fc.Arbitrary<FlowDefinition> {
  const name = fc.constantFrom(...NAMES);
  const way = fc.oneof(
    { weight: 4, arbitrary: name.map((Next): JsonObject => ({ Next })) },
    { weight: 1, arbitrary: fc.constant<JsonObject>({ End: true }) },
  );
  const caught = fc.option(name.map(catching), { nil: {} });
  const result = fc.option(
    target.map((ResultPath): JsonObject => ({ ResultPath })),
    { nil: {} },
  );
  const pass = fc
    .tuple(constant, result, way)
    .map(([Result, at, to]) => ({ Type: "Pass", Result, ...at, ...to }));
  const choice = fc.record(
    {
      Type: fc.constant("Choice"),
      Choices: fc.array(
        fc.tuple(condition, name).map(([rule, Next]) => ({ ...rule, Next })),
        { minLength: 1, maxLength: 3 },
      ),
      Default: name,
    },
    { requiredKeys: ["Type", "Choices"] },
  );
  const map = fc
    .tuple(itemsPath, depth > 0 ? wildFlow(depth - 1) : fc.constant(null), caught, way)
    .map(([ItemsPath, Iterator, catches, to]) =>
      Iterator === null
        ? { Type: "Pass", ...to }
        : { Type: "Map", ItemsPath, ResultPath: "$.m", Iterator, ...catches, ...to },
    );
  const state = fc.oneof(
    { weight: 3, arbitrary: pass },
    { weight: 2, arbitrary: choice },
    { weight: 3, arbitrary: fc.tuple(action, caught, way).map((parts) => joined("Action", parts)) },
    { weight: 1, arbitrary: fc.tuple(wait, way).map((parts) => joined("Wait", parts)) },
    { weight: 1, arbitrary: map },
    { weight: 1, arbitrary: ending },
  );
  return fc
    .tuple(...NAMES.map(() => state))
    .map((states) => definition("A", Object.fromEntries(states.map((s, n) => [NAMES[n], s]))));
}

function joined(type: State["Type"], parts: readonly JsonObject[]): JsonObject {
  return Object.assign({ Type: type }, ...parts) as JsonObject;
}

function definition(StartAt: string, states: object): FlowDefinition {
  return { StartAt, States: states as FlowDefinition["States"] };
}

/** A piece of a structured flow: states with one way in and one way out. */
type Block =
  | { readonly kind: "pass"; readonly value: Json; readonly into: string }
  | { readonly kind: "wait"; readonly wait: JsonObject }
  | { readonly kind: "call"; readonly action: JsonObject; readonly forgiven: boolean }
  | { readonly kind: "retry"; readonly action: JsonObject; readonly left: number }
  | { readonly kind: "if"; readonly rule: JsonObject; readonly yes: Blocks; readonly no: Blocks }
  | { readonly kind: "each"; readonly items: string; readonly body: FlowDefinition }
  | { readonly kind: "stop"; readonly state: JsonObject };
type Blocks = readonly Block[];

/** What authors begin with: the members that later states read. */
const PREFACE: Blocks = [
  { kind: "pass", value: { b: 0 }, into: "$.a" },
  { kind: "pass", value: { n: 0, max: 3 }, into: "$.k" },
  { kind: "pass", value: [{ a: { b: 2 } }, { a: {} }], into: "$.list" },
];

/** `depth` choices and Maps may lie in each other. */
function structuredFlow(depth: number): fc.Arbitrary<FlowDefinition> {
  const preface = fc.constantFrom<Blocks>(PREFACE, PREFACE, PREFACE, []);
  return fc
    .tuple(preface, blocks(depth), ending)
    .map(([first, list, last]) => scopeOf([...first, ...list, { kind: "stop", state: last }]));
}

function blocks(depth: number): fc.Arbitrary<Blocks> {
  const simple: fc.Arbitrary<Block>[] = [
    fc.record({ kind: fc.constant("pass" as const), value: constant, into: target }),
    fc.record({ kind: fc.constant("wait" as const), wait }),
    fc.record({ kind: fc.constant("call" as const), action, forgiven: fc.boolean() }),
    fc.record({
      kind: fc.constant("retry" as const),
      action,
      left: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ kind: fc.constant("stop" as const), state: ending }),
  ];
  if (depth === 0) return fc.array(fc.oneof(...simple), { maxLength: 3 });
  const inner = blocks(depth - 1);
  return fc.array(
    fc.oneof(
      ...simple,
      fc.record({ kind: fc.constant("if" as const), rule: condition, yes: inner, no: inner }),
      fc.record({
        kind: fc.constant("each" as const),
        items: itemsPath,
        body: structuredFlow(depth - 1),
      }),
    ),
    { minLength: 1, maxLength: 5 },
  );
}

/** The states of a flow or an Iterator. */
function scopeOf(list: Blocks): FlowDefinition {
  const states: Record<string, JsonObject> = {};
  const add = (state: JsonObject): string => {
    const name = `s${Object.keys(states).length}`;
    states[name] = state;
    return name;
  };
  const end = add({ Type: "Succeed" });
  return definition(layAll(list, end, add), states);
}

type Add = (state: JsonObject) => string;

/** Lays the blocks before the state `next` and gives the name of the first state. */
function layAll(list: Blocks, next: string, add: Add): string {
  return list.reduceRight((after, block) => lay(block, after, add), next);
}

function lay(block: Block, Next: string, add: Add): string {
  switch (block.kind) {
    case "pass":
      return add({ Type: "Pass", Result: block.value, ResultPath: block.into, Next });
    case "wait":
      return add({ Type: "Wait", ...block.wait, Next });
    case "call":
      return add({
        Type: "Action",
        ...block.action,
        ...(block.forgiven ? catching(Next) : {}),
        Next,
      });
    case "retry":
      return layRetry(block, Next, add);
    case "if": {
      const rule = { ...block.rule, Next: layAll(block.yes, Next, add) };
      return add({ Type: "Choice", Choices: [rule], Default: layAll(block.no, Next, add) });
    }
    case "each":
      return add({
        Type: "Map",
        ItemsPath: block.items,
        ResultPath: "$.m",
        Iterator: block.body as unknown as JsonObject,
        Next,
      });
    case "stop":
      break;
  }
  return add(block.state);
}

/** Action, Catch, Choice on a counter, one less, Wait, the Action again. */
function layRetry(
  { action: called, left }: Extract<Block, { kind: "retry" }>,
  Next: string,
  add: Add,
): string {
  const asked = { Type: "Choice", Choices: [] as Json[], Default: Next };
  const ask = add(asked);
  const call = add({ Type: "Action", ...called, ...catching(ask), Next });
  const pause = add({ Type: "Wait", Seconds: 2, Next: call });
  const count = add({
    Type: "Action",
    ActionName: "zis:common:transform:Jq",
    Parameters: { expr: ".retry.left - 1", "data.$": "$" },
    ResultPath: "$.retry.left",
    Next: pause,
  });
  asked.Choices.push({ Variable: "$.retry.left", NumericGreaterThan: 0, Next: count });
  return add({ Type: "Pass", Result: { left }, ResultPath: "$.retry", Next: call });
}

/** Flows in which every name that is led to exists. */
export const randomFlow: fc.Arbitrary<FlowDefinition> = fc.oneof(
  { weight: 1, arbitrary: wildFlow(2) },
  { weight: 3, arbitrary: structuredFlow(2) },
);

/** What such a flow may be given as `$.input`. */
export const randomInput: fc.Arbitrary<JsonObject> = fc.record({
  random: fc.constantFrom<Json>(0, 1, "x", null),
  items: fc.oneof(
    fc.array(fc.constantFrom<Json>({}, { a: { b: 1 } }, { list: [{}] }), { maxLength: 3 }),
    fc.constantFrom<Json>(null, [1], [[]]),
  ),
});
