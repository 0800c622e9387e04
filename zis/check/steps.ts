/** The ways out of a state, and what each does to the data. */
import type { Json, JsonObject } from "../model/json.ts";
import { type PathSegment, segmentsOf } from "../model/paths.ts";
import { rulesOf } from "./conditions.ts";
import { objectsAt, type StateView, text } from "./context.ts";
import { type JqProgram, jqProgramOf } from "./jq/program.ts";

/** What a state puts at its ResultPath. */
export type Result =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "jq"; readonly program: JqProgram }
  | { readonly kind: "map" }
  | { readonly kind: "caught" }
  | { readonly kind: "unknown" };

export interface Write {
  readonly segments: readonly PathSegment[];
  readonly result: Result;
}

export interface Step {
  /** Undefined where the flow or the iteration ends. */
  readonly to: StateView | undefined;
  readonly write?: Write;
  /** Choice: the rule that must be true; undefined for Default. */
  readonly rule?: JsonObject;
}

/**
 * All ways out of a state. Those of a Choice are in order: each is taken when its rule is true and no
 * earlier one was. A name that does not exist ends the flow.
 */
export function stepsOf(view: StateView): Step[] {
  const { state, type } = view;
  const at = (name: Json | undefined): StateView | undefined =>
    typeof name === "string" ? view.scope.states.get(name) : undefined;
  const next = state["End"] === true ? undefined : at(state["Next"]);
  switch (type ?? "") {
    case "Choice":
      return [
        ...rulesOf(view).map(({ condition }) => ({ to: at(condition["Next"]), rule: condition })),
        { to: at(state["Default"]) },
      ];
    case "Action":
    case "Map":
      return [withWrite(next, writeOf(state, resultOf(view))), ...catchSteps(view)];
    case "Pass":
      return [withWrite(next, passWrite(state))];
    case "Wait":
      return [{ to: next }];
    default:
      return [];
  }
}

function resultOf({ state, type }: StateView): Result {
  if (type === "Map") return { kind: "map" };
  const program = jqProgramOf(state);
  return program === undefined ? { kind: "unknown" } : { kind: "jq", program };
}

/** Without ResultPath the data stay as they are (inferred; the engine's default). */
function writeOf(state: JsonObject, result: Result): Write | undefined {
  const path = state["ResultPath"];
  if (path === undefined || path === null) return undefined;
  return { segments: targetOf(path), result };
}

/** A Result without ResultPath replaces all data (inferred; the engine's default). */
function passWrite(state: JsonObject): Write | undefined {
  const result = state["Result"];
  if (result === undefined || state["ResultPath"] === null) return undefined;
  return {
    segments: targetOf(state["ResultPath"] ?? "$"),
    result: { kind: "constant", value: result },
  };
}

function catchSteps({ state, path, scope }: StateView): Step[] {
  return objectsAt(state, "Catch", path).map(({ value }) => ({
    to: scope.states.get(text(value["Next"]) ?? ""),
    write: {
      segments: targetOf(value["ResultPath"] ?? "$"),
      result: { kind: "caught" } as const,
    },
  }));
}

/** A path that cannot be read is taken for `$`: then nothing is claimed about the data. */
function targetOf(path: Json): readonly PathSegment[] {
  return segmentsOf(path) ?? [];
}

function withWrite(to: StateView | undefined, write: Write | undefined): Step {
  return write === undefined ? { to } : { to, write };
}
