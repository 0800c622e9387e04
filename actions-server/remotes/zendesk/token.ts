/** What a token reply of Zendesk means. */
import { Type, type Static } from "typebox";
import type { HeldToken } from "#platform/tokens/token";

/** The part of the reply of `POST /oauth/tokens` that we use (Zendesk API reference, "OAuth tokens for grant types"). */
export const TokenReply = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  /** Space-separated. */
  scope: Type.Optional(Type.String()),
  /** Seconds; absent: the token does not expire. */
  expires_in: Type.Optional(Type.Unknown()),
  /** For the grant refresh_token: it replaces the one that was sent, which no longer works. */
  refresh_token: Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Null()])),
});
export type TokenReply = Static<typeof TokenReply>;

/** The lifetimes that may be requested for a token (Zendesk API reference, "OAuth tokens for grant types"). */
const SHORTEST_SECONDS = 300;
const LONGEST_SECONDS = 172_800;

/** Null: not a documented one; the token is used until Zendesk refuses it. */
function lifeSeconds(expiresIn: unknown): number | null {
  if (typeof expiresIn !== "number" || !(expiresIn > 0)) return null;
  return Math.min(Math.max(expiresIn, SHORTEST_SECONDS), LONGEST_SECONDS);
}

/** `sent`: the refresh token that was sent, if any; it stays in use when the reply has no new one. */
export function toHeldToken(reply: TokenReply, bornMs: number, sent?: string): HeldToken {
  return {
    accessToken: reply.access_token,
    bornMs,
    lifeSeconds: lifeSeconds(reply.expires_in),
    refreshToken: reply.refresh_token ?? sent ?? null,
    instanceUrl: null,
  };
}
