/**
 * What each of Zendesk's two clocks says about a ticket. Pure.
 *
 * `updated_at` is in every reply and moves with each change that makes an event. `generated_timestamp` moves with every
 * change, also with those of automations and of Zendesk itself; it is in incremental exports only, and often some seconds
 * ahead of `updated_at` (recorded replies). So the two are never compared with each other to order states: `updated_at`
 * orders them first, and `generated_timestamp` only where both states have one.
 */
import { LATEST_MS } from "#contract/instant";

export interface TicketClocks {
  /** `updated_at`, in steps of a second. */
  readonly updatedAt: Date;
  /** `generated_timestamp`, in steps of a second; undefined: not known. */
  readonly generatedAt: Date | undefined;
}

/** Unix seconds as Zendesk sends them; anything else, including 0 (which a recorded reply has), counts as unknown. */
export function toGeneratedAt(seconds: unknown): Date | undefined {
  const isTime = Number.isInteger(seconds) && Number(seconds) > 0;
  const ms = Number(seconds) * 1_000;
  return isTime && ms <= LATEST_MS ? new Date(ms) : undefined;
}

/** Whether the candidate is certainly the later of two states of a ticket. Never true in both directions. */
export function isLaterState(candidate: TicketClocks, other: TicketClocks): boolean {
  const difference = candidate.updatedAt.getTime() - other.updatedAt.getTime();
  if (difference !== 0) return difference > 0;
  const [ours, theirs] = [candidate.generatedAt, other.generatedAt];
  return ours !== undefined && theirs !== undefined && ours > theirs;
}

/** The last known change of any kind: identifies a state, and shows whether something that we did may have come before it. */
export function lastChangeAt({ updatedAt, generatedAt }: TicketClocks): Date {
  return generatedAt !== undefined && generatedAt > updatedAt ? generatedAt : updatedAt;
}
