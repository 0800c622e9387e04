/** How the arguments of a command are read: unknown options are named together with the nearest known one. */
import { parseArgs } from "node:util";
import { nearest } from "../check/nearest.ts";
import { UsageError } from "../terminal/usage-error.ts";

type ParseOptions = Record<string, { readonly type: "string" | "boolean" }>;

/** The options of a command, without their dashes. */
export interface OptionNames {
  /** Options that take a value. */
  readonly values: readonly string[];
  /** Options that take none. */
  readonly flags: readonly string[];
}

export interface Arguments {
  readonly positionals: readonly string[];
  /** The value of an option; the last one when it was given again. */
  value(name: string): string | undefined;
  /** Every value of an option that may be repeated. */
  all(name: string): readonly string[];
  flag(name: string): boolean;
}

/** Reads arguments: `--name VALUE`, `--name=VALUE`, `--flag`; all after `--` is positional. Throws a UsageError. */
export function readArguments(args: readonly string[], names: OptionNames): Arguments {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: toParseOptions(names),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (names.values.includes(name)) {
      // What looks like an option is more likely a forgotten value than the value.
      const missing = value === undefined || (!inlineValue && /^-./.test(value));
      if (missing) throw new UsageError(`${rawName} needs a value`);
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (names.flags.includes(name)) {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
      flags.add(name);
    } else {
      throw new UsageError(unknownOption(rawName, names));
    }
  }
  return {
    positionals,
    value: (name) => values.get(name)?.at(-1),
    all: (name) => values.get(name) ?? [],
    flag: (name) => flags.has(name),
  };
}

function toParseOptions({ values, flags }: OptionNames): ParseOptions {
  const options: [string, ParseOptions[string]][] = [
    ...values.map((name): [string, ParseOptions[string]] => [name, { type: "string" }]),
    ...flags.map((name): [string, ParseOptions[string]] => [name, { type: "boolean" }]),
  ];
  return Object.fromEntries(options);
}

function unknownOption(rawName: string, { values, flags }: OptionNames): string {
  const known = [...values, ...flags];
  const name = rawName.replace(/^-+/, "");
  const meant = nearest(name, known);
  const names = known.map((each) => `--${each}`).join(", ");
  const help = meant === undefined ? `there are ${names}` : `did you mean --${meant}?`;
  return `there is no option ${rawName}; ${help}`;
}

/** The only positional argument. Throws a UsageError when there is none, or more. */
export function onlyPositional({ positionals }: Arguments, what: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw new UsageError(`${what} is missing`);
  if (second !== undefined) throw new UsageError(`one ${what} only; "${second}" is one too many`);
  return first;
}

/** The value of an option that must be given. */
export function requiredValue(args: Arguments, name: string, hint: string): string {
  const value = args.value(name);
  if (value === undefined) throw new UsageError(`--${name} is missing: ${hint}`);
  return value;
}
