/** Is what a state reads there when it reads it? */
import { calledAction, statesWithData, templateData } from "../action-data.ts";
import type { ActionView, StateView } from "../context.ts";
import { look, type Shape } from "../data-shape.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import { type PathUse, readsOf, readsOfAction } from "../path-uses.ts";
import type { Rule } from "../rule.ts";

const SOURCE = "follows from what the flow writes; ZIS developer guide, fixing common errors";

export const impossiblePath: Rule = {
  name: "impossible-path",
  severity: "error",
  what: "A path is read where nothing can be at that point of the flow.",
  source: SOURCE,
  *find(context, analysis) {
    for (const { view, data } of statesWithData(context, analysis)) {
      for (const use of readsOf(view)) {
        if (!use.parsed.ok || look(data, use.parsed.segments).presence !== "never") continue;
        yield impossible(use, view);
      }
    }
  },
};

function impossible({ text, at, role }: PathUse, { scope }: StateView): Found {
  const inside = scope.outer !== undefined;
  const hint = inside
    ? "An iteration sees only its item: copy what it needs into the items with Jq before the Map."
    : "Name a path that an earlier state writes, or one of $.input, $.connections, $.subdomain, $.account_id, $.integration_key.";
  if (role === "value")
    return {
      path: at,
      message: `Nothing can be at ${text} here: no earlier state writes it.`,
      hint,
    };
  const severity = "warning";
  return {
    path: at,
    severity,
    message: `Nothing can be at ${text} here, so the comparison never matches.`,
    hint,
  };
}

export const unsurePath: Rule = {
  name: "unsure-path",
  severity: "error",
  what: "A path is read that only some of the ways to this state have written.",
  source: SOURCE,
  *find(context, analysis) {
    for (const { view, data } of statesWithData(context, analysis)) {
      for (const { text, parsed, at, role } of readsOf(view)) {
        if (role !== "value" || !parsed.ok || look(data, parsed.segments).presence !== "maybe")
          continue;
        yield {
          path: at,
          ...(isForgiving(view) && { severity: "warning" as const }),
          message: `${text} is written on some of the ways to this state, but not on all.`,
          hint: "Write a default with a Pass at the start of the flow, or test the path with IsPresent before.",
        };
      }
    }
  },
};

/** A Catch handles the error. */
function isForgiving({ state }: StateView): boolean {
  return Array.isArray(state["Catch"]);
}

export const missingParameter: Rule = {
  name: "missing-parameter",
  severity: "error",
  what: "An action reads a path that the calling state does not pass in its Parameters.",
  source: "ZIS developer guide, custom actions",
  *find(context, analysis) {
    const reads = new Map<ActionView, PathUse[]>();
    for (const { view, data } of statesWithData(context, analysis)) {
      const action = calledAction(view, context);
      if (action === undefined) continue;
      const uses = reads.get(action) ?? distinct(readsOfAction(action));
      reads.set(action, uses);
      yield* unpassed(view, data, uses, action);
    }
  },
};

function* unpassed(
  view: StateView,
  data: Shape,
  uses: readonly PathUse[],
  action: ActionView,
): Generator<Found> {
  const shape = templateData(view, data);
  const path = Object.hasOwn(view.state, "Parameters") ? child(view.path, "Parameters") : view.path;
  for (const { text, parsed } of uses) {
    const presence = parsed.ok ? look(shape, parsed.segments).presence : "unknown";
    if (presence !== "never" && presence !== "maybe") continue;
    const sometimes = presence === "maybe" ? " on all ways" : "";
    yield {
      path,
      ...(presence === "maybe" && isForgiving(view) && { severity: "warning" as const }),
      message: `Action ${JSON.stringify(action.name)} reads ${text}, which this state does not pass${sometimes}.`,
      hint: `An action sees only the Parameters of the state that calls it, $.subdomain and $.zendeskHost: add ${text.replace(/^\$\.?/, "") || "them"}.`,
    };
  }
}

function distinct(uses: Iterable<PathUse>): PathUse[] {
  return [...new Map(Array.from(uses, (use) => [use.text, use])).values()];
}
