/** How a call authenticates to Zendesk: by OAuth, or by an API token until those end. */
import { createDeadline, type Deadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import { sendWithRetry } from "#platform/outbound/retry";
import type { Outbound } from "#platform/outbound/send";
import type { Secret } from "#platform/secret";
import { createTokenSource, type TokenSourceOptions } from "#platform/tokens/source";
import { missingScopes, type HeldToken } from "#platform/tokens/token";
import { TokenReply, toHeldToken } from "./token.ts";
import { failureError, isTransientStatus, replyError } from "./zendesk-errors.ts";

/** Exactly what the endpoints of the reader and the writer need (Zendesk, "Using OAuth with granular scopes"). */
export const DEFAULT_ZENDESK_SCOPE = "tickets:read tickets:write users:read";

export interface ZendeskCredentials {
  /** The value of the Authorization header. */
  authorization(deadline: Deadline): Promise<string>;
  /** A new value after Zendesk answered 401 to `rejected`; undefined when none can be had now. */
  renew(rejected: string, deadline: Deadline): Promise<string | undefined>;
}

/**
 * An API token of an agent. Zendesk stopped issuing them on 2026-10-27 and ends the last on 2027-04-30
 * (Zendesk, "Migrating to OAuth").
 */
export function apiTokenCredentials(email: string, apiToken: Secret): ZendeskCredentials {
  return {
    authorization: async () =>
      `Basic ${Buffer.from(`${email}/token:${apiToken.reveal()}`).toString("base64")}`,
    renew: async () => undefined,
  };
}

export interface OAuthOptions {
  /** `https://{subdomain}.zendesk.com`, without a path. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** The first one of the grant refresh_token; absent: the grant client_credentials. */
  readonly refreshToken?: Secret | undefined;
  /** Separated by spaces; requested by name, because a token without a scope may do everything. Default: the narrow ones. */
  readonly scope?: string;
  readonly outbound: Outbound;
  readonly now: () => Date;
  readonly random: () => number;
  readonly store: TokenSourceOptions["store"];
  readonly onRefresh?: TokenSourceOptions["onRefresh"];
}

/** Time allowed for fetching one token, however many calls wait for it. */
const TOKEN_BUDGET_MS = 6_000;
const WHERE = "POST /oauth/tokens";

const readTokenReply = replyShape(TokenReply);

/** OAuth: the token is fetched when first needed and kept in the given store. */
export function oauthCredentials(options: OAuthOptions): ZendeskCredentials {
  const { store, now, onRefresh } = options;
  const tokens = createTokenSource({
    grant: (saved) =>
      requestToken(options, options.refreshToken && (saved ?? options.refreshToken.reveal())),
    rotates: options.refreshToken !== undefined,
    store,
    now,
    late: (cause) =>
      new AppError("ZENDESK_UNAVAILABLE", `Zendesk is still answering: ${WHERE}`, { cause }),
    onRefresh,
  });

  return {
    authorization: async (deadline) => bearer(await tokens.current(deadline)),
    async renew(rejected, deadline) {
      const token = await tokens.renew(rejected.replace(/^Bearer /, ""), deadline);
      return token && bearer(token);
    },
  };
}

function bearer({ accessToken }: HeldToken): string {
  return `Bearer ${accessToken}`;
}

function grantOf(scope: string, refreshToken: string | undefined) {
  return refreshToken === undefined
    ? { grant_type: "client_credentials", scope }
    : { grant_type: "refresh_token", refresh_token: refreshToken };
}

async function requestToken(
  options: OAuthOptions,
  refreshToken: string | undefined,
): Promise<HeldToken> {
  const { scope = DEFAULT_ZENDESK_SCOPE } = options;
  const deadline = createDeadline(TOKEN_BUDGET_MS);
  const askedMs = options.now().getTime();
  try {
    // Repeating does no harm: a lost token simply expires, and a refresh token that was used up is simply
    // again does no harm.
    const result = await sendWithRetry(
      options.outbound,
      {
        method: "POST",
        url: `${options.origin}/oauth/tokens`,
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({
          client_id: options.clientId,
          client_secret: options.clientSecret.reveal(),
          ...grantOf(scope, refreshToken),
        }),
      },
      { deadline, random: options.random, isTransient: (reply) => isTransientStatus(reply.status) },
    );
    if (result.kind === "failed") throw failureError(result, WHERE);
    if (result.status !== 200 && result.status !== 201) throw replyError(result, WHERE);
    return toHeldToken(readToken(result.text, scope), askedMs, refreshToken);
  } finally {
    deadline.clear();
  }
}

function readToken(text: string, scope: string): TokenReply {
  const reply = readTokenReply(parseJson(text));
  if (!reply.ok) {
    throw new AppError(
      "ZENDESK_UNAVAILABLE",
      `Zendesk answered ${WHERE} unreadably: ${reply.problem}`,
    );
  }
  // Zendesk issues a token for an unknown scope without complaint, and every call with it then answers 403.
  const missing = missingScopes(scope, reply.value.scope);
  if (missing.length > 0) {
    throw new AppError(
      "ZENDESK_REFUSED",
      `Zendesk granted a token without the scope ${missing.join(", ")}: ${WHERE}`,
    );
  }
  return reply.value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the check of the shape says so.
    return undefined;
  }
}
