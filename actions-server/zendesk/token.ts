/** What a token reply of Zendesk means. */
import { Type, type Static } from "typebox";
import type { HeldToken } from "../tokens/token.ts";

/** The part of the reply of `POST /oauth/tokens` that we use (Zendesk API reference, "OAuth tokens for grant types"). */
export const TokenReply = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  /** Space-separated. */
  scope: Type.Optional(Type.String()),
  /** Seconds; absent: the token does not expire. */
  expires_in: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
  /** Of the grant refresh_token: it replaces the one that was sent, which is dead from now on. */
  refresh_token: Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Null()])),
});
export type TokenReply = Static<typeof TokenReply>;

/** `sent`: the refresh token that was sent, if any; it goes on serving when the reply brings no other. */
export function toHeldToken(reply: TokenReply, bornMs: number, sent?: string): HeldToken {
  return {
    accessToken: reply.access_token,
    bornMs,
    lifeSeconds: reply.expires_in ?? null,
    refreshToken: reply.refresh_token ?? sent ?? null,
    instanceUrl: null,
  };
}
