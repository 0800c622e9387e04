/** How a call proves to Zendesk who we are: OAuth client credentials, or an API token while those last. */
import { createDeadline, type Deadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import { replyShape } from "../outbound/reply-shape.ts";
import { sendWithRetry } from "../outbound/retry.ts";
import type { Outbound } from "../outbound/send.ts";
import { createSingleFlight } from "../outbound/single-flight.ts";
import type { Secret } from "../secret.ts";
import { missingScopes, toAccessToken, TokenReply, type AccessToken } from "./token.ts";
import { failureError, isTransientStatus, replyError } from "./zendesk-errors.ts";

export interface ZendeskCredentials {
  /** The value of the Authorization header. */
  authorization(deadline: Deadline): Promise<string>;
  /** Another value after Zendesk answered 401 to `rejected`; undefined when there is no other. */
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

interface OAuthOptions {
  /** `https://{subdomain}.zendesk.com`, without a path. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly outbound: Outbound;
  readonly now: () => Date;
  readonly random: () => number;
}

/**
 * What the reader's and the writer's endpoints need, and no more (Zendesk, "Using OAuth with granular scopes"). Asked for by name,
 * because a token without a scope may do everything.
 */
const SCOPE = "tickets:read tickets:write users:read";
/** Time for one token, whoever waits for it. */
const TOKEN_BUDGET_MS = 6_000;
/** After a renewal ahead of time failed, the old token serves this long before the next try. */
const RENEWAL_PAUSE_MS = 10_000;
const WHERE = "POST /oauth/tokens";

const readTokenReply = replyShape(TokenReply);

/**
 * OAuth client credentials: one token in memory, fetched when first needed and renewed ahead of its end, one
 * renewal at a time. A call waits for a renewal only when no valid token is left.
 */
export function oauthCredentials(options: OAuthOptions): ZendeskCredentials {
  let token: AccessToken | undefined;
  let pausedUntilMs = 0;
  const nowMs = () => options.now().getTime();

  const fetchToken = createSingleFlight(
    async () => {
      token = await requestToken(options);
      return token;
    },
    () => new AppError("ZENDESK_UNAVAILABLE", `Zendesk is still answering: ${WHERE}`),
  );

  function renewAhead(deadline: Deadline): void {
    if (nowMs() < pausedUntilMs) return;
    fetchToken(deadline).catch(() => {
      // The token at hand still serves; its end will bring the error to a caller.
      pausedUntilMs = nowMs() + RENEWAL_PAUSE_MS;
    });
  }

  return {
    async authorization(deadline) {
      if (!token || nowMs() >= token.expiresAtMs) token = await fetchToken(deadline);
      else if (nowMs() >= token.renewFromMs) renewAhead(deadline);
      return bearer(token);
    },
    async renew(rejected, deadline) {
      if (token && bearer(token) !== rejected) return bearer(token);
      return bearer(await fetchToken(deadline));
    },
  };
}

function bearer(token: AccessToken): string {
  return `Bearer ${token.value}`;
}

async function requestToken(options: OAuthOptions): Promise<AccessToken> {
  const deadline = createDeadline(TOKEN_BUDGET_MS);
  // Counted from before the request, so that a token is never believed to live longer than it does.
  const askedMs = options.now().getTime();
  try {
    // A token that got lost on the way only expires: asking again is safe.
    const result = await sendWithRetry(
      options.outbound,
      {
        method: "POST",
        url: `${options.origin}/oauth/tokens`,
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({
          grant_type: "client_credentials",
          client_id: options.clientId,
          client_secret: options.clientSecret.reveal(),
          scope: SCOPE,
        }),
      },
      { deadline, random: options.random, isTransient: (reply) => isTransientStatus(reply.status) },
    );
    if (result.kind === "failed") throw failureError(result, WHERE);
    if (result.status !== 200 && result.status !== 201) throw replyError(result, WHERE);
    return toAccessToken(readToken(result.text), askedMs);
  } finally {
    deadline.clear();
  }
}

function readToken(text: string): TokenReply {
  const reply = readTokenReply(parseJson(text));
  if (!reply.ok) {
    throw new AppError(
      "ZENDESK_UNAVAILABLE",
      `Zendesk answered ${WHERE} unreadably: ${reply.problem}`,
    );
  }
  const missing = missingScopes(SCOPE, reply.value);
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
