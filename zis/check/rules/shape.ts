/** Has everything the members and types that the language wants? */
import { isJsonObject, type Json, kindOf } from "../../model/json.ts";
import { RESOURCE_TYPES, STATE_MEMBERS, STATE_TYPES } from "../../model/schema.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";
import type { ShapeError } from "../shape-errors.ts";
import { isForeignMember } from "./foreign-member.ts";

const SOURCE = "ZIS registry API, bundles; ZIS developer guide, flow states";

export const unknownMember: Rule = {
  name: "unknown-member",
  severity: "warning",
  what: "An object has a member that the language does not know.",
  source: SOURCE,
  *find(_context, analysis) {
    for (const { keyword, path, member, known } of analysis.shapeErrors) {
      if (keyword !== "additionalProperties" || member === undefined) continue;
      if (isForeignMember(path, member)) continue;
      yield {
        path: child(path, member),
        atKey: true,
        message: `Unknown member ${JSON.stringify(member)}${nearestPhrase(member, known)}.`,
        hint: `Allowed here: ${known.join(", ")}.`,
      };
    }
    yield* misspelt(analysis.shapeErrors);
  },
};

/** The schema knows no members for an object without a type: those that differ only in case are reported. */
function* misspelt(errors: readonly ShapeError[]): Generator<Found> {
  for (const { keyword, path, value, expected } of errors) {
    if (keyword !== "discriminator" || !isJsonObject(value)) continue;
    const tag = (expected as { readonly propertyName: string }).propertyName;
    if (Object.hasOwn(value, tag)) continue;
    const known = tag === "Type" ? STATE_MEMBERS : ["type", "properties"];
    for (const member of Object.keys(value)) {
      const meant = known.find((name) => name.toLowerCase() === member.toLowerCase());
      if (meant === undefined || meant === member) continue;
      yield {
        path: child(path, member),
        atKey: true,
        message: `Unknown member ${JSON.stringify(member)}; nearest: ${JSON.stringify(meant)}.`,
        hint: `Write ${JSON.stringify(meant)}: names are case-sensitive.`,
      };
    }
  }
}

export const missingMember: Rule = {
  name: "missing-member",
  severity: "error",
  what: "An object lacks a member that it must have.",
  source: SOURCE,
  *find(_context, analysis) {
    const reported = new Set<string>();
    for (const { keyword, path, member } of analysis.shapeErrors) {
      if (keyword !== "required" || member === undefined || reported.has(child(path, member)))
        continue;
      if (analysis.refused.has(child(path, member))) continue;
      reported.add(child(path, member));
      yield {
        path,
        message: `The member ${JSON.stringify(member)} is missing.`,
        hint: `Add ${JSON.stringify(member)}.`,
      };
    }
  },
};

export const wrongType: Rule = {
  name: "wrong-type",
  severity: "error",
  what: "A value has a different JSON type than the language requires.",
  source: SOURCE,
  *find(_context, analysis) {
    for (const { keyword, path, value, expected } of analysis.shapeErrors) {
      if (keyword !== "type" || analysis.refused.has(path)) continue;
      yield {
        path,
        message: `Expected ${article(String(expected))}, found ${kindOf(value as Json)}.`,
        hint: `Write ${article(String(expected))} here.`,
      };
    }
  },
};

export const wrongValue: Rule = {
  name: "wrong-value",
  severity: "error",
  what: "A value is not one of those allowed.",
  source: SOURCE,
  *find(_context, analysis) {
    for (const error of analysis.shapeErrors) {
      const found = analysis.refused.has(error.path) ? undefined : wrong(error);
      if (found !== undefined) yield found;
    }
  },
};

function wrong({ keyword, path, value, expected }: ShapeError): Found | undefined {
  const found = JSON.stringify(value)?.slice(0, 60);
  if (keyword === "const") {
    const wanted = JSON.stringify(expected);
    return { path, message: `Must be ${wanted}, found ${found}.`, hint: `Write ${wanted}.` };
  }
  if (keyword === "enum" && Array.isArray(expected)) {
    const near = typeof value === "string" ? nearestPhrase(value, expected.map(String)) : "";
    const hint = `Allowed: ${expected.join(", ")}.`;
    return { path, message: `${found} is not allowed here${near}.`, hint };
  }
  if (keyword === "minLength" || keyword === "minItems") {
    return { path, message: "Must not be empty.", hint: "Fill it in." };
  }
  return undefined;
}

export const unknownType: Rule = {
  name: "unknown-type",
  severity: "error",
  what: "The type of a state or of a resource does not exist.",
  source: SOURCE,
  *find(_context, analysis) {
    for (const { keyword, path, value, expected } of analysis.shapeErrors) {
      if (keyword !== "discriminator") continue;
      const tag = (expected as { propertyName: string }).propertyName;
      const object = value as Readonly<Record<string, unknown>>;
      if (!Object.hasOwn(object, tag) || analysis.refused.has(child(path, tag))) continue;
      const type = object[tag];
      const known = tag === "Type" ? STATE_TYPES : RESOURCE_TYPES;
      const near = typeof type === "string" ? nearestPhrase(type, known) : "";
      const what = tag === "Type" ? "type of state" : "type of resource";
      yield {
        path: child(path, tag),
        message: `${JSON.stringify(type)?.slice(0, 60)} is not a ${what}${near}.`,
        hint: `Allowed: ${known.join(", ")}.`,
      };
    }
  },
};

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
