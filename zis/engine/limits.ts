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
} as const satisfies Record<string, LimitSpec>;

/**
 * How long one jq program may run. ZIS publishes no such limit; it is ours, so that the checker's bound of a
 * flow's seconds holds whatever its programs do.
 */
export const JQ_SECONDS = 1;

type LimitName = keyof typeof LIMITS;

export type Limits = { readonly [K in LimitName]: number };

/** The documented limits. */
export const DEFAULT_LIMITS: Limits = {
  seconds: LIMITS.seconds.default,
  transitions: LIMITS.transitions.default,
  mapItems: LIMITS.mapItems.default,
};

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
  if (!/^\d+(\.\d+)?$/.test(number) || Number(number) <= 0) {
    return { ok: false, message: `limits.${name} must be a number above 0` };
  }
  return { ok: true, limits: { [name]: Number(number) } };
}
