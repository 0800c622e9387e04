/** Which of two observed states of a ticket is the newer one. Pure. */

export interface ObservedState {
  /** Zendesk's `generated_timestamp`: moves on every change, in steps of a second. */
  readonly generatedAt: Date;
  /** Zendesk's `updated_at`: moves on some changes only, in steps of a second. */
  readonly updatedAt: Date;
  /** Of the newest comment read; undefined: there was none. */
  readonly lastCommentId: string | undefined;
  /** When we asked Zendesk, by our clock. */
  readonly observedAt: Date;
}

/**
 * Whether `candidate` replaces `stored`. Zendesk's own times decide first; several changes fall into one second, so
 * then the newest comment decides (comment ids grow), then the order in which we asked. A full tie replaces: it is
 * the same state, and storing it again does no harm.
 */
export function supersedes(candidate: ObservedState, stored: ObservedState): boolean {
  return compareStates(candidate, stored) >= 0;
}

function compareStates(left: ObservedState, right: ObservedState): number {
  return (
    left.generatedAt.getTime() - right.generatedAt.getTime() ||
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
