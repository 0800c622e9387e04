/** A token that the server holds: what it is made of, and how long it serves. */
import { Type, type Static } from "typebox";

export const HeldToken = Type.Object({
  accessToken: Type.String({ minLength: 1 }),
  /** When it was asked for (ms since the epoch): before its life began, so that it is never believed to live longer. */
  bornMs: Type.Number(),
  /** Null: the remote system gave no end. */
  lifeSeconds: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]),
  /** What the next token is asked for with; null where the grant needs none. */
  refreshToken: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
  /** Where a Salesforce org answers; null for the others. */
  instanceUrl: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
});
export type HeldToken = Static<typeof HeldToken>;

/** `ageing`: it still serves, while another is fetched. */
type Phase = "fresh" | "ageing" | "ended";

const LEAD_SECONDS = 300;
/** Of a short life, the lead is this part instead; the two meet at 25 minutes. */
const LEAD_PART = 1 / 5;

/** Renewed 300 s ahead of its end, or a fifth of a life that is shorter than 25 minutes. */
export function phaseOf({ bornMs, lifeSeconds }: HeldToken, nowMs: number): Phase {
  if (lifeSeconds === null) return "fresh";
  const ageSeconds = (nowMs - bornMs) / 1_000;
  if (ageSeconds >= lifeSeconds) return "ended";
  const lead = Math.min(LEAD_SECONDS, lifeSeconds * LEAD_PART);
  return ageSeconds >= lifeSeconds - lead ? "ageing" : "fresh";
}

/**
 * The scopes needed that were not granted; a broad scope such as `read` holds every `…:read`. Nothing is missing
 * when the reply names no scopes.
 */
export function missingScopes(needed: string, granted: string | undefined): string[] {
  if (granted === undefined) return [];
  const held = new Set(granted.split(/\s+/));
  const isHeld = (scope: string) => held.has(scope) || held.has(scope.replace(/^.*:/, ""));
  return needed.split(/\s+/).filter((scope) => scope !== "" && !isHeld(scope));
}
