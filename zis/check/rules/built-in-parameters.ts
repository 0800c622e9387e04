/** Do built-in actions get the Parameters that they know? */
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { type BuiltInAction, isBuiltInAction, JQ_ACTION } from "../../model/names.ts";
import { text } from "../context.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";

interface Signature {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** At least one of these must be given. */
  readonly oneOf?: readonly string[];
}

const LINK = ["link_type", "left_object_name", "right_object_name"];

const SIGNATURES: Readonly<Record<BuiltInAction, Signature>> = {
  "zis:common:action:LoadConfig": { required: ["scope"] },
  "zis:common:action:PatchConfig": { required: ["scope", "config"] },
  "zis:common:action:LoadLinks": {
    required: ["link_type"],
    optional: ["page_size", "page_after_cursor", "page_before_cursor"],
    oneOf: ["left_object_name", "right_object_name"],
  },
  "zis:common:action:CreateLink": { required: ["link_type", "left_object", "right_object"] },
  "zis:common:action:PatchLink": { required: LINK, oneOf: ["left_object", "right_object"] },
  "zis:common:action:DeleteLink": { required: LINK },
  "zis:common:transform:Jq": { required: ["expr", "data"] },
};

const SOURCE = "ZIS developer guide, built-in actions and links";

export const builtInParameters: Rule = {
  name: "built-in-parameters",
  severity: "error",
  what: "A built-in action lacks a parameter, or gets one that it does not know.",
  source: SOURCE,
  *find({ states }) {
    for (const { state, type, path } of states) {
      const name = type === "Action" ? text(state["ActionName"]) : undefined;
      const parameters = state["Parameters"] ?? {};
      if (name === undefined || !isBuiltInAction(name) || !isJsonObject(parameters)) continue;
      const at = Object.hasOwn(state, "Parameters") ? child(path, "Parameters") : path;
      yield* checkNames(parameters, at, name);
      yield* checkValues(parameters, at, name);
    }
  },
};

function* checkNames(
  parameters: JsonObject,
  path: string,
  action: BuiltInAction,
): Generator<Found> {
  const { required, optional = [], oneOf = [] } = SIGNATURES[action];
  const known = [...required, ...oneOf, ...optional];
  const short = action.slice(action.lastIndexOf(":") + 1);
  const given = Object.keys(parameters).map((key) => key.replace(/\.\$$/, ""));
  for (const name of required) {
    if (given.includes(name)) continue;
    yield {
      path,
      message: `${short} needs the parameter "${name}".`,
      hint: `Add "${name}" or "${name}.$".`,
    };
  }
  if (oneOf.length > 0 && !oneOf.some((name) => given.includes(name))) {
    yield {
      path,
      message: `${short} needs ${oneOf.join(" or ")}.`,
      hint: "Add at least one of them.",
    };
  }
  for (const [index, key] of Object.keys(parameters).entries()) {
    const name = given[index] ?? key;
    if (!known.includes(name)) {
      yield {
        path: child(path, key),
        atKey: true,
        severity: "warning",
        message: `${short} has no parameter ${JSON.stringify(name)}${nearestPhrase(name, known)}.`,
        hint: `It accepts ${known.join(", ")}.`,
      };
    } else if (given.indexOf(name) !== index) {
      yield {
        path: child(path, key),
        atKey: true,
        message: `The parameter ${JSON.stringify(name)} is given twice, plain and with ".$".`,
        hint: "Keep one.",
      };
    }
  }
}

function* checkValues(
  parameters: JsonObject,
  path: string,
  action: BuiltInAction,
): Generator<Found> {
  for (const [key, value] of Object.entries(parameters)) {
    const problem = problemOf(key, value, action);
    if (problem !== undefined) yield { path: child(path, key), ...problem };
  }
}

function problemOf(key: string, value: Json, action: BuiltInAction) {
  if (
    key === "page_size" &&
    !(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100)
  ) {
    return {
      message: "page_size must be a whole number from 1 to 100.",
      hint: "The default is 20.",
    };
  }
  if (key === "config" && !isJsonObject(value)) {
    return { message: "config must be an object.", hint: "Give the members to change." };
  }
  if (action !== JQ_ACTION) return undefined;
  if (key === "expr" && (typeof value !== "string" || value.trim() === "")) {
    return { message: "expr must be a jq program.", hint: 'For the data as they are, write ".".' };
  }
  if (key === "data" && (typeof value !== "string" || !isJson(value))) {
    const hint = "Write JSON inside a string, or data.$ with a path.";
    return { message: 'data must be JSON in a text, such as "{\\"a\\": 1}".', hint };
  }
  return undefined;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
