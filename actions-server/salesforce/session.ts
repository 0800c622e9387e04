/** The session with the org that all requests share: opened when first needed, renewed once for all who meet its end. */
import { OAuth2 } from "jsforce";
import { Type } from "typebox";
import { createDeadline, type Deadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import { replyShape } from "../outbound/reply-shape.ts";
import type { Outbound } from "../outbound/send.ts";
import { createSingleFlight } from "../outbound/single-flight.ts";
import type { Secret } from "../secret.ts";
import { toSalesforceError, unreadable } from "./salesforce-errors.ts";
import { createTransport } from "./transport.ts";

export interface Session {
  readonly accessToken: string;
  /** Where the org answers; it may change when Salesforce moves the org. */
  readonly instanceUrl: string;
}

export interface SessionStore {
  current(deadline: Deadline): Promise<Session>;
  /** Another session after Salesforce answered 401 to `rejected`; the one that somebody else renewed, if so. */
  renew(rejected: Session, deadline: Deadline): Promise<Session>;
}

interface SessionOptions {
  /** The org's My Domain: client credentials are not served by login.salesforce.com. */
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly outbound: Outbound;
  readonly random: () => number;
}

/** Time for one session, whoever waits for it. */
const SESSION_BUDGET_MS = 6_000;
const WHERE = "POST /services/oauth2/token";

const readTokenReply = replyShape(
  Type.Object({
    access_token: Type.String({ minLength: 1 }),
    instance_url: Type.String({ pattern: "^https?://[^/]+/?$" }),
  }),
);

/** OAuth client credentials. The reply has no lifetime, so a session serves until a 401. */
export function createSessionStore(options: SessionOptions): SessionStore {
  let session: Session | undefined;

  const open = createSingleFlight(
    async () => {
      session = await requestSession(options);
      return session;
    },
    () => new AppError("SALESFORCE_UNAVAILABLE", `Salesforce is still answering: ${WHERE}`),
  );

  return {
    current: async (deadline) => session ?? open(deadline),
    async renew(rejected, deadline) {
      if (session && session.accessToken !== rejected.accessToken) return session;
      return open(deadline);
    },
  };
}

async function requestSession(options: SessionOptions): Promise<Session> {
  const deadline = createDeadline(SESSION_BUDGET_MS);
  let status: number | undefined;
  const oauth2 = new OAuth2({
    loginUrl: options.loginUrl,
    clientId: options.clientId,
    clientSecret: options.clientSecret.reveal(),
  });
  oauth2._transport = createTransport({
    outbound: options.outbound,
    deadline,
    random: options.random,
    // A token that got lost on the way only expires.
    isSafe: () => true,
    onStatus: (received) => {
      status = received;
    },
  });
  try {
    const reply: unknown = await oauth2.requestToken({ grant_type: "client_credentials" });
    return toSession(reply);
  } catch (error) {
    throw toSalesforceError(error, status);
  } finally {
    deadline.clear();
  }
}

function toSession(reply: unknown): Session {
  const token = readTokenReply(reply);
  if (!token.ok) throw unreadable(WHERE, token.problem);
  return {
    accessToken: token.value.access_token,
    instanceUrl: token.value.instance_url.replace(/\/$/, ""),
  };
}
