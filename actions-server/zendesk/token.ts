/** What a token reply of Zendesk means: how long the token is good for, and whether it may do what we asked. */
import { Type, type Static } from "typebox";

/** The part of the reply of `POST /oauth/tokens` that we use (Zendesk API reference, "OAuth tokens for grant types"). */
export const TokenReply = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  /** Space-separated. */
  scope: Type.Optional(Type.String()),
  /** Seconds; absent: the token does not expire. */
  expires_in: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
});
export type TokenReply = Static<typeof TokenReply>;

export interface AccessToken {
  readonly value: string;
  /** From this instant on (ms since the epoch) another token is fetched, while this one still serves. */
  readonly renewFromMs: number;
  /** From this instant on (ms since the epoch) the token no longer serves. */
  readonly expiresAtMs: number;
}

const LEAD_SECONDS = 300;
/** Of a short life, the lead is this part instead; the two meet at 25 minutes. */
const LEAD_PART = 1 / 5;

/** A token whose life began at `bornMs`: renewed 300 s ahead of its end, or a fifth of a life shorter than 25 minutes. */
export function toAccessToken(reply: TokenReply, bornMs: number): AccessToken {
  const life = reply.expires_in ?? Number.POSITIVE_INFINITY;
  const lead = Math.min(LEAD_SECONDS, life * LEAD_PART);
  return {
    value: reply.access_token,
    renewFromMs: bornMs + (life - lead) * 1_000,
    expiresAtMs: bornMs + life * 1_000,
  };
}

/**
 * The scopes asked for that were not granted. Zendesk issues a token for an unknown scope without complaint,
 * and every call with it then answers 403.
 */
export function missingScopes(asked: string, reply: TokenReply): string[] {
  if (reply.scope === undefined) return [];
  const granted = new Set(reply.scope.split(/\s+/));
  return asked.split(/\s+/).filter((scope) => scope !== "" && !granted.has(scope));
}
