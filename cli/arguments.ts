/** How the arguments of a command are read: unknown options are named together with the known ones. */
import { parseArgs } from "node:util";
import { Misuse } from "./command.ts";

/** The options of a command, without their dashes. */
export interface OptionNames {
  /** Options that take a value. */
  readonly values?: readonly string[];
  /** Options that take none. */
  readonly flags?: readonly string[];
}

export interface Arguments {
  readonly positionals: readonly string[];
  /** The value of an option; the last one when it was given again. */
  value(name: string): string | undefined;
  flag(name: string): boolean;
}

/** Reads arguments: `--name VALUE`, `--name=VALUE`, `--flag`; all after `--` is positional. Throws a Misuse. */
export function readArguments(args: readonly string[], names: OptionNames): Arguments {
  const { values: valueNames = [], flags: flagNames = [] } = names;
  const parseOptions: Record<string, { type: "string" | "boolean" }> = {};
  for (const name of valueNames) parseOptions[name] = { type: "string" };
  for (const name of flagNames) parseOptions[name] = { type: "boolean" };
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: parseOptions,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (valueNames.includes(name)) {
      // What looks like an option is more likely a forgotten value than the value.
      if (value === undefined || value === "" || (!inlineValue && /^-./.test(value))) {
        throw new Misuse(`${rawName} needs a value`);
      }
      values.set(name, value);
    } else if (flagNames.includes(name)) {
      if (value !== undefined) throw new Misuse(`${rawName} takes no value`);
      flags.add(name);
    } else {
      const known = [...valueNames, ...flagNames].map((each) => `--${each}`).join(", ");
      throw new Misuse(`there is no option ${rawName}; there are ${known}`);
    }
  }
  return {
    positionals,
    value: (name) => values.get(name),
    flag: (name) => flags.has(name),
  };
}

/**
 * Exactly the arguments that a command takes, in their order.
 *
 * @throws Misuse naming the first that is missing, or one that is too many
 */
export function requirePositionals(
  { positionals }: Arguments,
  ...names: readonly string[]
): readonly string[] {
  const missing = names[positionals.length];
  if (missing !== undefined) throw new Misuse(`${missing} is missing`);
  const extra = positionals[names.length];
  if (extra !== undefined) throw new Misuse(`"${extra}" is one argument too many`);
  return positionals;
}

/**
 * The number that an option names.
 *
 * @throws Misuse naming the option, the range and the text
 */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Misuse(`${name} takes a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}
