/** The variables as they were set: with their defaults, and described when one is wrong. */
import { Secret } from "#platform/secret";
import { ENVIRONMENT, type Variable } from "./environment.ts";

/** Text by the name of the variable. */
export type SetVariables = Readonly<Record<string, string>>;

/** An empty variable counts as unset; an unset one takes its default. */
export function withDefaults(env: NodeJS.ProcessEnv): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [name, property] of Object.entries(ENVIRONMENT.properties)) {
    const fallback = "default" in property ? String(property.default) : undefined;
    const value = env[name]?.trim() || fallback;
    if (value !== undefined) read[name] = value;
  }
  return read;
}

/** What a variable is for, in one line. */
export function describeVariable(name: Variable): string {
  const property: object = ENVIRONMENT.properties[name];
  return "description" in property ? String(property.description) : "";
}

/** A sentence about what is wrong with a variable, and what it is for. Never shows its value. */
export function describe(name: Variable, fault: string): string {
  return `${name} ${fault}. ${describeVariable(name)}`;
}

/** Variables that only make sense together. Undefined when none is set; a text says what is wrong when only some are. */
export function findTogether<const Names extends readonly Variable[]>(
  read: SetVariables,
  names: Names,
): Record<Names[number], string> | string | undefined {
  const missing = names.filter((name) => read[name] === undefined);
  if (missing.length === names.length) return undefined;
  const [first] = missing;
  if (first !== undefined) return describe(first, "is missing");
  const found = names.map((name) => [name, read[name]]);
  return Object.fromEntries(found) as Record<Names[number], string>;
}

export function toSecret(value: string | undefined): Secret | undefined {
  return value === undefined ? undefined : new Secret(value);
}
