/** The session with the org that all requests share: opened when first needed, and renewed once for all requests that find it expired. */
import { OAuth2 } from "jsforce";
import { Type } from "typebox";
import { createDeadline, type Deadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { Outbound } from "#platform/outbound/send";
import type { Secret } from "#platform/secret";
import { createTokenSource, type TokenSourceOptions } from "#platform/tokens/source";
import { missingScopes, type HeldToken } from "#platform/tokens/token";
import { createAssertion, JWT_BEARER } from "./assertion.ts";
import { orgOrigin } from "./org-origin.ts";
import { toTokenError, unreadable } from "./salesforce-errors.ts";
import { createTransport } from "./transport.ts";

export interface Session {
  readonly accessToken: string;
  /** The org's address, which changes when Salesforce moves the org. */
  readonly instanceUrl: string;
}

export interface SessionStore {
  current(deadline: Deadline): Promise<Session>;
  /**
   * A new session after Salesforce answered 401 to `rejected`, or the one that another request has renewed already. Undefined:
   * `rejected` was itself opened a moment ago after a 401.
   */
  renew(rejected: Session, deadline: Deadline): Promise<Session | undefined>;
}

/** The OAuth grant that sessions come from, and what it needs. */
export type SalesforceAuth =
  | { readonly kind: "client-credentials"; readonly clientSecret: Secret }
  | {
      readonly kind: "jwt-bearer";
      /** PEM; its certificate is registered with the app. */
      readonly privateKey: Secret;
      /** Of the integration user, who must have approved the app or been preauthorized for it. */
      readonly username: string;
    }
  | {
      readonly kind: "refresh-token";
      readonly clientSecret: Secret;
      /** The first one; with rotation on, each use replaces it. */
      readonly refreshToken: Secret;
    };

export interface SessionOptions {
  /** The org's My Domain: client credentials are not served by login.salesforce.com. */
  readonly loginUrl: string;
  readonly clientId: string;
  readonly auth: SalesforceAuth;
  readonly outbound: Outbound;
  readonly random: () => number;
  readonly now: () => Date;
  readonly store: TokenSourceOptions["store"];
  readonly onRefresh?: TokenSourceOptions["onRefresh"];
}

/** Time allowed for opening one session, however many requests wait for it. */
const SESSION_BUDGET_MS = 6_000;
const WHERE = "POST /services/oauth2/token";
/** What the REST API needs; `full` includes it. */
const SCOPE = "api";

const readTokenReply = replyShape(
  Type.Object({
    access_token: Type.String({ minLength: 1 }),
    instance_url: Type.String(),
    scope: Type.Optional(Type.String()),
    /** Only with the grant refresh_token, and only when the app rotates its tokens. */
    refresh_token: Type.Optional(Type.String({ minLength: 1 })),
  }),
);

/** Salesforce's reply states no lifetime, and use extends it, so a session is used until a 401. */
export function createSessionStore(options: SessionOptions): SessionStore {
  const { store, now, onRefresh, auth } = options;
  const tokens = createTokenSource({
    grant: (saved) => requestSession(options, saved),
    rotates: auth.kind === "refresh-token",
    store,
    now,
    late: (cause) =>
      new AppError("SALESFORCE_UNAVAILABLE", `Salesforce is still answering: ${WHERE}`, { cause }),
    onRefresh,
  });

  return {
    current: async (deadline) => toSession(await tokens.current(deadline)),
    async renew(rejected, deadline) {
      const token = await tokens.renew(rejected.accessToken, deadline);
      return token && toSession(token);
    },
  };
}

function toSession({ accessToken, instanceUrl }: HeldToken): Session {
  if (instanceUrl === null) throw new TypeError("a session has the address of its org");
  return { accessToken, instanceUrl };
}

interface GrantFields {
  readonly grant_type: string;
  /** The type that jsforce gives its forms. */
  [field: string]: string;
}

/** The form fields of one token request; jsforce adds those of the client. */
function grantFields(
  { auth, clientId, loginUrl, now }: SessionOptions,
  saved: string | undefined,
): GrantFields {
  if (auth.kind === "client-credentials") return { grant_type: "client_credentials" };
  if (auth.kind === "refresh-token") {
    return { grant_type: "refresh_token", refresh_token: saved ?? auth.refreshToken.reveal() };
  }
  const assertion = createAssertion({
    privateKey: auth.privateKey.reveal(),
    clientId,
    username: auth.username,
    loginUrl,
    now: now(),
  });
  return { grant_type: JWT_BEARER, assertion };
}

async function requestSession(
  options: SessionOptions,
  saved: string | undefined,
): Promise<HeldToken> {
  const { loginUrl, clientId, auth, outbound, random, now } = options;
  const deadline = createDeadline(SESSION_BUDGET_MS);
  const askedMs = now().getTime();
  const fields = grantFields(options, saved);
  let status: number | undefined;
  const oauth2 = new OAuth2({
    loginUrl,
    clientId,
    ...(auth.kind !== "jwt-bearer" && { clientSecret: auth.clientSecret.reveal() }),
  });
  oauth2._transport = createTransport({
    outbound,
    call: { deadline },
    random,
    origin: new URL(loginUrl).origin,
    // Repeating does no harm: a lost token simply expires, and a refresh token that was used up is simply refused.
    isSafe: () => true,
    onStatus: (received) => {
      status = received;
    },
  });
  try {
    const reply: unknown = await oauth2.requestToken(fields);
    return toHeldToken(reply, { loginUrl, bornMs: askedMs, sent: fields["refresh_token"] });
  } catch (error) {
    throw toTokenError(error, status);
  } finally {
    deadline.clear();
  }
}

interface Asked {
  readonly loginUrl: string;
  readonly bornMs: number;
  /** The refresh token that was sent, if any. */
  readonly sent: string | undefined;
}

function toHeldToken(reply: unknown, { loginUrl, bornMs, sent }: Asked): HeldToken {
  const token = readTokenReply(reply);
  if (!token.ok) throw unreadable(WHERE, token.problem);
  const { access_token, instance_url, scope, refresh_token } = token.value;
  if (!/\bfull\b/.test(scope ?? "") && missingScopes(SCOPE, scope).length > 0) {
    throw new AppError(
      "SALESFORCE_REFUSED",
      `Salesforce granted a session without the scope ${SCOPE}: ${WHERE}`,
    );
  }
  const instanceUrl = orgOrigin(instance_url, loginUrl);
  if (instanceUrl === undefined) {
    const problem =
      "instance_url is neither https on a domain of Salesforce nor SALESFORCE_LOGIN_URL";
    throw unreadable(WHERE, problem);
  }
  return {
    accessToken: access_token,
    bornMs,
    lifeSeconds: null,
    refreshToken: refresh_token ?? sent ?? null,
    instanceUrl,
  };
}
