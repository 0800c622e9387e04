/**
 * Which of two captured states of a ticket is the newer one. Pure.
 *
 * Every capture, whether an event or a sweep wants it, reads the ticket itself. Such replies have no
 * `generated_timestamp`, and a clock that only some states have cannot order them: the order would have cycles. So it takes no
 * part; a change that only it shows is found by the sweep, which compares what is stored (subjects/sweep/judge.ts).
 */

export interface ObservedState {
  /** Zendesk's `updated_at`: moves on changes that make an event, in steps of a second. */
  readonly updatedAt: Date;
  /** Of the newest comment read; undefined: there was none. */
  readonly lastCommentId: string | undefined;
  /** When we asked Zendesk, by our clock. */
  readonly observedAt: Date;
}

/**
 * Whether `candidate` replaces `stored`. Zendesk's own time decides first; several changes fall into one second, and
 * some do not move it, so then the newest comment decides (comment ids grow), then the order in which we asked. A full
 * tie replaces: it is the same state, and storing it again does no harm.
 */
export function supersedes(candidate: ObservedState, stored: ObservedState): boolean {
  return compareStates(candidate, stored) >= 0;
}

function compareStates(left: ObservedState, right: ObservedState): number {
  return (
    left.updatedAt.getTime() - right.updatedAt.getTime() ||
    compareIds(left.lastCommentId, right.lastCommentId) ||
    left.observedAt.getTime() - right.observedAt.getTime()
  );
}

/** Ids are decimal text of any length; none comes before any. */
function compareIds(left: string | undefined, right: string | undefined): number {
  const difference = BigInt(left ?? -1) - BigInt(right ?? -1);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}
