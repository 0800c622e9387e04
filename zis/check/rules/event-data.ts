/** Does a flow read of its event what Zendesk documents of it? */
import { type PathSegment, segmentsOf } from "../../model/paths.ts";
import { calledAction, statesWithData, templateData } from "../action-data.ts";
import type { Analysis } from "../analysis.ts";
import { type Context, type Scope, type StateView, text } from "../context.ts";
import { look, type Shape } from "../data-shape.ts";
import type { Found } from "../finding.ts";
import { type FlowEvent, lacks } from "../flow-events.ts";
import { jqProgramOf } from "../jq/program.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import { type PathUse, readsOf, readsOfAction } from "../path-uses.ts";
import type { Rule } from "../rule.ts";

const SOURCE = "ZIS trigger events; events may gain members";

export const eventMember: Rule = {
  name: "event-member",
  severity: "warning",
  what: "A path leads to a member that the event of the job spec, as documented, does not have.",
  source: SOURCE,
  *find(context, analysis) {
    for (const { view, data } of statesWithData(context, analysis)) {
      const events = eventsOf(view.scope, analysis);
      if (events === undefined) continue;
      for (const use of readsOf(view)) {
        if (use.role === "presence") continue;
        const missing = undocumented(data, use);
        if (missing !== undefined) yield { path: use.at, ...ofDirect(use, events, missing) };
      }
      yield* ofAction(view, data, context, events);
      yield* ofJq(view, data, events);
    }
    for (const { scope } of context.flows) yield* ofSomeEvents(scope, analysis);
  },
};

/** A member that is not documented, and those that are beside it. */
interface Missing {
  readonly name: string;
  readonly known: readonly string[];
}

function undocumented(data: Shape, { parsed }: Pick<PathUse, "parsed">): Missing | undefined {
  return parsed.ok ? missingAt(data, parsed.segments) : undefined;
}

function missingAt(data: Shape, segments: readonly PathSegment[]): Missing | undefined {
  if (look(data, segments).presence !== "undocumented") return undefined;
  let shape = data;
  for (const segment of segments) {
    const member = shape.members.get(segment);
    if (member === undefined) {
      return { name: String(segment), known: Array.from(shape.members.keys(), String) };
    }
    shape = member.shape;
  }
  return undefined;
}

function ofDirect({ text: path, role }: PathUse, events: readonly FlowEvent[], missing: Missing) {
  const effect = role === "condition" ? ": the comparison never matches" : "";
  return problem(`${path}${effect}`, events, missing);
}

function problem(what: string, events: readonly FlowEvent[], { name, known }: Missing) {
  const types = namesOf(events);
  const list = known.length === 0 ? "" : ` There are ${known.join(", ")}.`;
  return {
    message: `As documented, ${types} has no ${what}${nearestPhrase(name, known)}.`,
    hint: `Get what the event lacks with an action, such as the ticket by its id.${list}`,
  };
}

function namesOf(events: readonly FlowEvent[]): string {
  const types = [...new Set(events.map(({ type }) => type))];
  return types.length === 1 ? `the event ${types[0]}` : `each of the events ${types.join(", ")}`;
}

function* ofAction(
  view: StateView,
  data: Shape,
  context: Context,
  events: readonly FlowEvent[],
): Generator<Found> {
  const action = calledAction(view, context);
  if (action === undefined) return;
  const given = templateData(view, data);
  const reported = new Set<string>();
  for (const use of readsOfAction(action)) {
    const missing = undocumented(given, use);
    if (missing === undefined || reported.has(use.text)) continue;
    reported.add(use.text);
    const reads = `${use.text}, which action ${JSON.stringify(action.name)} reads of these Parameters`;
    yield { path: child(view.path, "Parameters"), ...problem(reads, events, missing) };
  }
}

function* ofJq(view: StateView, data: Shape, events: readonly FlowEvent[]): Generator<Found> {
  const reported = new Set<string>();
  for (const segments of jqProgramOf(view.state)?.reads ?? []) {
    const missing = missingAt(data, segments);
    const name = segments.join(".");
    if (missing === undefined || reported.has(name)) continue;
    reported.add(name);
    const path = child(view.path, "Parameters", "expr");
    yield { path, ...problem(`${name}: this program reads null there`, events, missing) };
  }
}

/** A member that only some of the flow's events have, read without checking which event it was. */
function* ofSomeEvents(scope: Scope, analysis: Analysis): Generator<Found> {
  const events = analysis.eventsOf(scope) ?? [];
  const analysed = events.length > 1 ? analysis.scope(scope) : undefined;
  if (analysed === undefined || distinguishes(scope, events)) return;
  for (const view of scope.states.values()) {
    const data = analysed.dataAt(view);
    if (data === undefined) continue;
    for (const { text: path, parsed, at, role } of readsOf(view)) {
      if (role !== "value" || !parsed.ok || look(data, parsed.segments).presence !== "sure")
        continue;
      const without = lacking(events, parsed.segments);
      if (without.length === 0) continue;
      yield {
        path: at,
        message: `As documented, ${namesOf(without)}, which starts this flow too, has no ${path}.`,
        hint: "Give each event a flow of its own, or test with a Choice which one it was.",
      };
    }
  }
}

/** The events that lack what others have; none when the path is not below `$.input`. */
function lacking(events: readonly FlowEvent[], [root, ...path]: readonly PathSegment[]) {
  if (root !== "input") return [];
  const without = events.filter(({ input }) => lacks(input, path));
  return without.length < events.length ? without : [];
}

/** True when a Choice or a jq program looks at the event's type, or at what only some events have. */
function distinguishes(scope: Scope, events: readonly FlowEvent[]): boolean {
  const looks = (path: readonly PathSegment[]): boolean =>
    (path[0] === "input" && path.at(-1) === "type" && path.length === 3) ||
    lacking(events, path).length > 0;
  return [...scope.states.values()].some((view) => {
    const parameters = JSON.stringify(view.state["Parameters"] ?? "");
    if (view.type === "Action" && /"expr(?:\.\$)?":/.test(parameters)) {
      return /_event\b[^|]*\.type\b|\bhas\(/.test(parameters);
    }
    return (
      view.type === "Choice" &&
      [...readsOf(view)].some(({ parsed }) => parsed.ok && looks(parsed.segments))
    );
  });
}

function eventsOf(scope: Scope, analysis: Analysis): readonly FlowEvent[] | undefined {
  let outermost = scope;
  while (outermost.outer !== undefined) outermost = outermost.outer;
  return analysis.eventsOf(outermost);
}

const KINDS: Readonly<Record<string, string>> = {
  texts: "a list of texts, but a Map repeats over objects only",
  object: "an object, not a list",
  number: "a number, not a list",
  word: "not a list",
  text: "a text, not a list",
};
const MAKE_OBJECTS = "Make objects with Jq first: [.tags[] | {tag: .}].";
const NAME_A_LIST = "Name a list of objects.";

export const eventItems: Rule = {
  name: "event-items",
  severity: "warning",
  what: "A Map repeats over a part of the event that is not a list of objects.",
  source: "ZIS trigger events; ZIS developer guide, Map state",
  *find(context, analysis) {
    for (const { view, data } of statesWithData(context, analysis)) {
      const itemsPath = view.type === "Map" ? text(view.state["ItemsPath"]) : undefined;
      const segments = segmentsOf(itemsPath);
      const { documented } = segments ? look(data, segments).shape : {};
      const kind = KINDS[documented ?? ""];
      if (kind === undefined) continue;
      yield {
        path: child(view.path, "ItemsPath"),
        message: `${itemsPath} is ${kind}: the Map fails.`,
        hint: documented === "texts" ? MAKE_OBJECTS : NAME_A_LIST,
      };
    }
  },
};
