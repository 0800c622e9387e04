/** What data every state of a scope can count on: forward analysis over its graph. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { segmentsOf } from "../model/paths.ts";
import { operatorsOf } from "./conditions.ts";
import {
  ANYTHING,
  assumePresent,
  join,
  LEAF,
  look,
  objectShape,
  put,
  type Shape,
  shapeOf,
} from "./data-shape.ts";
import type { Graph, Node, Way } from "./explore.ts";
import { START_MEMBERS } from "./facts.ts";
import { shapeOfResult } from "./jq/shape.ts";
import type { Result, Write } from "./steps.ts";

/** The data when each node is entered; undefined for nodes that cannot be reached. */
export type DataFlow = readonly (Shape | undefined)[];

/** Joins of members before the analysis gives up; a flow of 70 states takes some thousands. */
const MAX_WORK = 500_000;

/** What a flow starts with. Source: ZIS trigger events, introduction. */
export function startShape(input: Shape): Shape {
  return objectShape(START_MEMBERS.map((name) => [name, name === "input" ? input : ANYTHING]));
}

const CAUGHT: Shape = objectShape([
  ["Error", LEAF],
  ["Cause", LEAF],
]);

/** The data at every node; undefined when the flow is too large. */
export function dataFlowOf(graph: Graph, start: Shape): DataFlow | undefined {
  const shapes: (Shape | undefined)[] = [start];
  const constants = new Map<Json, Shape>();
  const waiting = new Set([0]);
  const work = { steps: 0 };
  for (const index of waiting) {
    waiting.delete(index);
    const node = graph[index];
    const data = shapes[index];
    if (node === undefined || data === undefined) continue;
    for (const { way, before } of waysWithData(node, data)) {
      const { step, to } = way;
      if (to === undefined) continue;
      if (++work.steps > MAX_WORK) return undefined;
      const after = step.write === undefined ? before : written(before, step.write, constants);
      work.steps += after.members.size;
      const known = shapes[to];
      const joined = known === undefined ? after : join(known, after, work);
      if (joined === known) continue;
      shapes[to] = joined;
      waiting.add(to);
    }
  }
  return shapes;
}

function* waysWithData(node: Node, data: Shape): Generator<{ way: Way; before: Shape }> {
  let remaining: Shape | undefined = data;
  for (const way of node.ways) {
    const { rule } = way.step;
    if (remaining === undefined) return;
    const before: Shape | undefined =
      rule === undefined ? remaining : assume(remaining, rule, true);
    if (before !== undefined) yield { way, before };
    if (rule !== undefined) remaining = assume(remaining, rule, false);
  }
}

/** The data when a condition is known to be true or false; undefined when it cannot be so. */
function assume(data: Shape, condition: JsonObject, truth: boolean): Shape | undefined {
  const [operator, second] = operatorsOf(condition);
  if (operator === undefined || second !== undefined) return data;
  const operand = condition[operator];
  if (operator === "Not") return isJsonObject(operand) ? assume(data, operand, !truth) : data;
  if (operator === "And" || operator === "Or") {
    // All of And are true, all of Or are false; of the other two cases nothing single is known.
    if (!Array.isArray(operand) || (operator === "And") !== truth) return data;
    return operand.reduce<Shape | undefined>(
      (shape, inner) => (shape && isJsonObject(inner) ? assume(shape, inner, truth) : shape),
      data,
    );
  }
  const present = operator === "IsPresent" ? operand === truth : truth;
  const variable = segmentsOf(condition["Variable"]);
  return present && variable ? assumePresent(data, variable) : data;
}

function written(data: Shape, { segments, result }: Write, constants: Map<Json, Shape>): Shape {
  return put(data, segments, resultShape(result, data, constants));
}

function resultShape(result: Result, data: Shape, constants: Map<Json, Shape>): Shape {
  if (result.kind === "caught") return CAUGHT;
  if (result.kind === "jq") return shapeOfResult(result.program.result, data);
  if (result.kind !== "constant") return ANYTHING;
  const known = constants.get(result.value) ?? shapeOf(result.value);
  constants.set(result.value, known);
  return known;
}

/** The items that a Map repeats over: the shape that all of a known array's items share, else anything. */
export function itemShape(data: Shape, itemsPath: Json | undefined): Shape {
  const segments = segmentsOf(itemsPath);
  if (segments === undefined) return ANYTHING;
  const { presence, shape } = look(data, segments);
  if (presence === "unknown" || presence === "undocumented") return ANYTHING;
  if (shape.items) return shape.items;
  if (shape.rest !== "none") return ANYTHING;
  const items = Array.from(shape.members.values(), (member) => member.shape);
  return items.reduce((all, item) => join(all, item, { steps: 0 }), items[0] ?? ANYTHING);
}
