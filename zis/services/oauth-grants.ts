/**
 * What the account's token endpoint answers to a grant. Source: Zendesk's OAuth grant-type tokens API and
 * its pages on token lifetimes; that a ZIS client is refused was observed by a third party.
 */
import type { Account, OAuthClient, OAuthToken } from "./account.ts";

export type GrantAnswer =
  | { readonly status: 201; readonly body: Readonly<Record<string, unknown>> }
  | {
      readonly status: 400 | 401;
      readonly body: { readonly error: string; readonly error_description: string };
    };

interface Lifetime {
  readonly default: number;
  readonly least: number;
  readonly most: number;
}

/** In seconds. */
const ACCESS: Lifetime = { default: 1800, least: 300, most: 172_800 };
const REFRESH: Lifetime = { default: 2_592_000, least: 604_800, most: 7_776_000 };

type Fields = Readonly<Record<string, unknown>>;

/** A token for a grant, or the OAuth error (RFC 6749, section 5.2) that says why there is none. */
export function answerGrant(account: Account, fields: Fields, now: Date): GrantAnswer {
  const client = account.clientByIdentifier(text(fields["client_id"]));
  const expiresIn = lifetime(fields["expires_in"], ACCESS);
  const refreshExpiresIn = lifetime(fields["refresh_token_expires_in"], REFRESH);
  if (expiresIn === undefined) return badLifetime("expires_in", ACCESS);
  if (refreshExpiresIn === undefined) return badLifetime("refresh_token_expires_in", REFRESH);
  if (!client || client.secret !== fields["client_secret"]) return invalidClient();
  switch (fields["grant_type"]) {
    case "client_credentials":
      return credentialsGrant(account, client, fields, expiresIn, now);
    case "refresh_token":
      return refreshGrant(account, client, fields, { expiresIn, refreshExpiresIn }, now);
    default:
      return refused(
        400,
        "unsupported_grant_type",
        "grant_type must be client_credentials or refresh_token",
      );
  }
}

function credentialsGrant(
  account: Account,
  client: OAuthClient,
  fields: Fields,
  expiresInSeconds: number,
  now: Date,
): GrantAnswer {
  if (client.integration !== undefined || client.userId === undefined) return invalidClient();
  const scopes = (text(fields["scope"]) || "read write").split(/\s+/).filter(Boolean);
  const { allowedScopes } = client;
  if (allowedScopes && scopes.some((scope) => !allowedScopes.includes(scope))) {
    return refused(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.");
  }
  const token = account.issueToken({
    clientId: client.id,
    userId: client.userId,
    scopes,
    expiresInSeconds,
  });
  return granted(token, now);
}

/** A new pair; the old tokens die at once. */
function refreshGrant(
  account: Account,
  client: OAuthClient,
  fields: Fields,
  lifetimes: { readonly expiresIn: number; readonly refreshExpiresIn: number },
  now: Date,
): GrantAnswer {
  const old = account.tokenByRefreshToken(text(fields["refresh_token"]));
  if (!old || old.clientId !== client.id) {
    return refused(400, "invalid_grant", "The refresh token is invalid, expired, or revoked.");
  }
  account.revokeToken(old.id);
  const token = account.issueToken({
    clientId: client.id,
    userId: old.userId,
    scopes: old.scopes,
    expiresInSeconds: lifetimes.expiresIn,
    refreshExpiresInSeconds: lifetimes.refreshExpiresIn,
  });
  return granted(token, now);
}

function granted(token: OAuthToken, now: Date): GrantAnswer {
  const secondsTo = (time: string) => Math.round((Date.parse(time) - now.getTime()) / 1000);
  return {
    status: 201,
    body: {
      access_token: token.accessToken,
      token_type: "bearer",
      scope: token.scopes.join(" "),
      ...(token.expiresAt !== undefined && { expires_in: secondsTo(token.expiresAt) }),
      ...(token.refreshExpiresAt !== undefined && {
        refresh_token: token.refreshToken,
        refresh_token_expires_in: secondsTo(token.refreshExpiresAt),
      }),
    },
  };
}

/** Undefined when it is outside what is allowed. */
function lifetime(value: unknown, { default: usual, least, most }: Lifetime): number | undefined {
  if (value === undefined || value === null) return usual;
  const seconds = Number(value);
  return Number.isInteger(seconds) && seconds >= least && seconds <= most ? seconds : undefined;
}

function badLifetime(field: string, { least, most }: Lifetime): GrantAnswer {
  return refused(
    400,
    "invalid_request",
    `${field} must be a whole number of seconds from ${least} to ${most}`,
  );
}

function invalidClient(): GrantAnswer {
  return refused(401, "invalid_client", "Client authentication failed.");
}

function refused(status: 400 | 401, error: string, error_description: string): GrantAnswer {
  return { status, body: { error, error_description } };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
