/** Where in the data of a flow the credentials of connections are: below $.connections, and in copies. */
import { isJsonObject } from "../model/json.ts";
import { JQ_ACTION } from "../model/names.ts";
import { isPrefix, type PathSegment, segmentsOf } from "../model/paths.ts";
import { type Context, type Scope, type StateView, text } from "./context.ts";
import { child } from "./json-pointer.ts";
import { templateTexts, usesInDynamic } from "./path-uses.ts";

export type Segments = readonly PathSegment[];

/** A place of the data that holds credentials, and whether they are there as such or inside a result. */
export interface Secret {
  readonly segments: Segments;
  readonly derived: boolean;
}

export interface ScopeSecrets {
  readonly scope: Scope;
  readonly secrets: readonly Secret[];
}

/** The secrets of every scope, outer scopes first. */
export function* secretsByScope({ scopes }: Context): Generator<ScopeSecrets> {
  const secretItems = new Set<Scope>();
  for (const scope of scopes) {
    const secrets = secretsOf(scope, secretItems.has(scope));
    for (const view of scope.states.values()) {
      if (view.iterator && passesOn(view, secrets)) secretItems.add(view.iterator);
    }
    yield { scope, secrets };
  }
}

/** How often copies of copies are looked for, and how many places are remembered: no real flow has more. */
const MAX_ROUNDS = 5;
const MAX_SECRETS = 100;

/** Where credentials are in a scope. An iteration's data are its item: all of it is secret, or nothing. */
function secretsOf(scope: Scope, itemsAreSecret: boolean): Secret[] {
  const secrets: Secret[] = [];
  if (scope.outer === undefined) secrets.push({ segments: ["connections"], derived: false });
  if (itemsAreSecret) secrets.push({ segments: [], derived: true });
  for (let round = 0; round < MAX_ROUNDS && secrets.length > 0; round += 1) {
    const before = secrets.length;
    for (const view of scope.states.values()) {
      const result = segmentsOf(text(view.state["ResultPath"]) ?? "$");
      if (!result || secrets.length > MAX_SECRETS || !passesOn(view, secrets)) continue;
      const isKnown = secrets.some(({ segments }) => isPrefix(segments, result));
      if (!isKnown) secrets.push({ segments: result, derived: true });
    }
    if (secrets.length === before) break;
  }
  return secrets;
}

/** True when what a state writes may hold what is secret: jq of it, and a Map over it. */
function passesOn({ state, type, path }: StateView, secrets: readonly Secret[]): boolean {
  if (type === "Map") {
    const items = segmentsOf(state["ItemsPath"]);
    return items !== undefined && secrets.some(({ segments }) => isPrefix(segments, items));
  }
  const parameters = state["Parameters"];
  if (type !== "Action" || state["ActionName"] !== JQ_ACTION || !isJsonObject(parameters)) {
    return false;
  }
  const expression = text(parameters["expr"]) ?? "";
  if (HARMLESS.test(expression)) return false;
  const reads = [...templateTexts(parameters, child(path, "Parameters"))]
    .filter(({ dynamic }) => dynamic)
    .flatMap(({ text: written, at }) => usesInDynamic(written, at));
  return reads.some(({ parsed }) => {
    if (!parsed.ok) return false;
    const { segments: read } = parsed;
    return secrets.some(
      ({ segments }) =>
        isPrefix(segments, read) ||
        (isPrefix(read, segments) && reaches(expression, segments[read.length])),
    );
  });
}

/** Programs that end in a number or a Boolean, which is not a credential whatever they read. */
const HARMLESS = /(?:\|\s*length|[=!]=\s*(?:null|\d+|"[^"]*"))\s*$/;
/** Programs that give their input as it is. */
const WHOLE = /^\s*(?:\.\s*\|?\s*)?(?:tojson|tostring|@json|@text)?\s*$/;

/** True when a program names a member of its input and does not only remove it, or takes all of it. */
function reaches(expression: string, member: PathSegment | undefined): boolean {
  if (WHOLE.test(expression) || typeof member !== "string") return true;
  const kept = expression.replaceAll(/\bdel\([^()]*\)/g, "");
  return wordsOf(kept).has(member);
}

function wordsOf(expression: string): ReadonlySet<string> {
  return new Set(expression.match(/[\w-]+/g));
}

/** True when one is a part of the other. */
export function overlap(one: Segments, other: Segments): boolean {
  return isPrefix(one, other) || isPrefix(other, one);
}
