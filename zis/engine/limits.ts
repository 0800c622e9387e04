/** How much a flow may do before ZIS ends it. */

interface LimitSpec {
  readonly default: number;
  /** What is counted. */
  readonly reason: string;
  /** The public page behind it. */
  readonly source: string;
}

/** Every limit, by name. */
export const LIMITS = {
  seconds: {
    default: 100,
    reason: "Run time of a flow, Waits and actions included; a flow caught in one is ended early.",
    source: "ZIS overview",
  },
  transitions: {
    default: 250,
    reason:
      "State transitions of a flow. Inferred: each state entered counts one, the first state, the Map and every state of its iterations included.",
    source: "ZIS overview, which gives the number but not what is counted",
  },
  mapItems: {
    default: 100,
    reason: "Items of one Map; with more it fails before its first iteration.",
    source: "an earlier page on the Map state",
  },
  jqSeconds: {
    default: 100,
    reason:
      "Run time of one jq program; a longer one is a runtime error. ZIS documents none: by default only the run time of the flow ends a program.",
    source: "ours; no public page gives a limit",
  },
  jqInputBytes: {
    default: 64 * 1024 * 1024,
    reason:
      "Size of the data given to one jq program, as JSON. ZIS documents none; the default only keeps this machine's memory.",
    source: "ours; no public page gives a limit",
  },
  jqOutputBytes: {
    default: 64 * 1024 * 1024,
    reason:
      "Size of what one jq program puts out, as JSON. ZIS documents none; the default only keeps this machine's memory.",
    source: "ours; no public page gives a limit",
  },
} as const satisfies Record<string, LimitSpec>;

type LimitName = keyof typeof LIMITS;

export type Limits = { readonly [K in LimitName]: number };

/** Every limit when nobody chooses: the documented ones, and far ones where ZIS documents none. */
export const DEFAULT_LIMITS = Object.fromEntries(
  Object.entries(LIMITS).map(([name, spec]) => [name, spec.default]),
) as Limits;

export type ParsedLimit =
  | { readonly ok: true; readonly limits: Partial<Limits> }
  | { readonly ok: false; readonly message: string };

/** Parses one choice, `limits.NAME=NUMBER`, as a command line or a file of settings gives it. */
export function parseLimit(text: string): ParsedLimit {
  const [, name = "", number = ""] = /^limits\.([^=]*)=(.*)$/.exec(text) ?? [];
  if (!Object.hasOwn(LIMITS, name)) {
    const names = Object.keys(LIMITS).map((each) => `limits.${each}`);
    return { ok: false, message: `there is no limit "${text}"; there are ${names.join(", ")}` };
  }
  const inSeconds = /seconds$/i.test(name);
  const form = inSeconds ? /^\d+(\.\d+)?$/ : /^\d+$/;
  if (!form.test(number) || Number(number) <= 0) {
    const kind = inSeconds ? "a number of seconds" : "a whole number";
    return { ok: false, message: `limits.${name} must be ${kind} above 0, not "${number}"` };
  }
  return { ok: true, limits: { [name]: Number(number) } };
}
