/** Is every Catch where it may be, and does it name the one error name there is? */
import { STATES_ALL } from "../../model/flow.ts";
import { type Context, objectsAt } from "../context.ts";
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";

const SOURCE = "ZIS developer guide, state errors";

export const catchNotAllowed: Rule = {
  name: "catch-not-allowed",
  severity: "error",
  what: "A state other than Action and Map has a Catch.",
  source: SOURCE,
  *find({ states }) {
    for (const { state, type, path } of states) {
      if (type === undefined || type === "Action" || type === "Map") continue;
      if (!Object.hasOwn(state, "Catch")) continue;
      yield {
        path: child(path, "Catch"),
        atKey: true,
        message: `A ${type} state cannot have a Catch.`,
        hint: "Only Action and Map states catch errors; remove it.",
      };
    }
  },
};

export const errorEquals: Rule = {
  name: "error-equals",
  severity: "error",
  what: 'ErrorEquals is something else than ["States.ALL"].',
  source: SOURCE,
  *find(context) {
    for (const { value: catcher, path } of catchers(context)) {
      const names = catcher["ErrorEquals"];
      if (!Array.isArray(names) || (names.length === 1 && names[0] === STATES_ALL)) continue;
      yield {
        path: child(path, "ErrorEquals"),
        message: `ErrorEquals must be ["${STATES_ALL}"].`,
        hint: `ZIS knows no other error names: catch "${STATES_ALL}" and look at the Cause in a Choice.`,
      };
    }
  },
};

export const catchReplacesData: Rule = {
  name: "catch-replaces-data",
  severity: "warning",
  what: "A Catch has no ResultPath, so that the error replaces all data of the flow.",
  source: SOURCE,
  *find(context) {
    for (const { value: catcher, path } of catchers(context)) {
      if (Object.hasOwn(catcher, "ResultPath")) continue;
      yield {
        path,
        message: "This Catch has no ResultPath: the error replaces all data, $.input included.",
        hint: 'Add a ResultPath of its own, such as "$.error".',
      };
    }
  },
};

function catchers({ states }: Context) {
  return states
    .filter(({ type }) => type === "Action" || type === "Map")
    .flatMap(({ state, path }) => objectsAt(state, "Catch", path));
}
