/** Whether the calls under one key could have happened one after another, each between its beginning and its end. Pure. */

/** What one call under the key saw. Times are of one monotonic clock. */
export interface Call {
  readonly beganMs: number;
  /** Undefined: no answer came, so the call may take effect at any later time, or never. */
  readonly endedMs: number | undefined;
  readonly saw:
    /** The work was done by this call. */
    | { readonly kind: "ran"; readonly body: string }
    | { readonly kind: "replayed"; readonly body: string }
    /** Refused because the key belongs to another request. */
    | { readonly kind: "mismatch" }
    /** Lost, or failed: what became of it is not known. */
    | { readonly kind: "unknown" };
}

/** Undefined: nothing was done yet. `body` undefined: done by a call whose answer nobody saw. */
type Register = { readonly body: string | undefined } | undefined;

const DONE_BY_UNKNOWN: Register = { body: undefined };

/** The states in which the key may be after the call, taken as one instant; none: it cannot come now. */
function apply(register: Register, { saw }: Call): readonly Register[] {
  switch (saw.kind) {
    case "ran":
      return register === undefined ? [{ body: saw.body }] : [];
    case "replayed":
      if (register === undefined) return [];
      return register.body === undefined || register.body === saw.body ? [{ body: saw.body }] : [];
    case "mismatch":
      return register === undefined ? [] : [register];
    case "unknown":
      return register === undefined ? [undefined, DONE_BY_UNKNOWN] : [register];
    default:
      return saw satisfies never;
  }
}

/** Tries every order that the times allow (Wing and Gong 1993); fit for the dozen calls that a key gets. */
export function isLinearizable(calls: readonly Call[]): boolean {
  const seen = new Set<string>();

  function search(left: readonly Call[], register: Register): boolean {
    if (left.length === 0) return true;
    const state = JSON.stringify([
      left.map((call) => calls.indexOf(call)),
      register === undefined ? 0 : [register.body ?? null],
    ]);
    if (seen.has(state)) return false;
    seen.add(state);
    // A call may come first only when no other one ended before it began.
    const firstEnd = Math.min(...left.map(({ endedMs }) => endedMs ?? Number.POSITIVE_INFINITY));
    return left
      .filter(({ beganMs }) => beganMs <= firstEnd)
      .some((call) =>
        apply(register, call).some((next) =>
          search(
            left.filter((other) => other !== call),
            next,
          ),
        ),
      );
  }

  return search(calls, undefined);
}
