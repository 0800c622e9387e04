/** Runs queries through jsforce: one connection object per query, one session for all. */
import { callbackify } from "node:util";
import { Connection } from "jsforce";
import { Type, type Static } from "typebox";
import type { Deadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import { toSalesforceError, unreadable } from "./salesforce-errors.ts";
import {
  createSessionStore,
  type Session,
  type SessionOptions,
  type SessionStore,
} from "./session.ts";
import { createTransport } from "./transport.ts";

export interface SalesforceConnection {
  /** The records of a SOQL query, as sent. Throws SALESFORCE_REFUSED or SALESFORCE_UNAVAILABLE. */
  query(soql: string, call: RemoteCall): Promise<unknown[]>;
  /** Opens the session. Throws an error that says what is wrong with the credential. */
  signIn(deadline: Deadline): Promise<void>;
}

interface SalesforceOptions extends SessionOptions {
  /** Of the REST API, such as `67.0`. */
  readonly apiVersion: string;
}

const QueryPage = Type.Object({
  done: Type.Boolean(),
  records: Type.Array(Type.Unknown()),
  /** Of all pages. */
  totalSize: Type.Integer({ minimum: 0 }),
  nextRecordsUrl: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
const readQueryPage = replyShape(QueryPage);

/**
 * The address of the next page, because Salesforce may split a result into pages of any size; undefined: the result is
 * complete. A partial result is never taken for the whole: one missing case would make an ambiguous ticket look certain.
 */
function nextPage(
  page: Static<typeof QueryPage>,
  { received, totalSize }: { readonly received: number; readonly totalSize: number },
): string | undefined {
  const { done, nextRecordsUrl: next, records } = page;
  if (done) {
    if (received === totalSize) return undefined;
    throw unreadable("a query", `${received} of ${totalSize} records came`);
  }
  if (next === null || next === undefined) {
    throw unreadable("a query", "it is incomplete, but has no next page");
  }
  if (records.length === 0 || received > totalSize) {
    throw unreadable("a query", "its pages do not end");
  }
  return next;
}

/**
 * A jsforce connection is cheap to make and holds the refresh of its session, so each query gets its own: it
 * carries the query's deadline and its one allowed renewal. jsforce itself keeps renewing for as long as the org
 * answers 401 (observed with 3.10.26).
 */
export function createSalesforceConnection(options: SalesforceOptions): SalesforceConnection {
  const sessions = createSessionStore(options);

  return {
    async query(soql, call) {
      const session = await sessions.current(call.deadline);
      const exchange = openExchange(options, sessions, session, call);
      const records: unknown[] = [];
      let totalSize: number | undefined;
      let url = `/query?q=${encodeURIComponent(soql)}`;
      for (;;) {
        const read = readQueryPage(await exchange.get(url));
        if (!read.ok) throw unreadable("a query", read.problem);
        const { value: page } = read;
        records.push(...page.records);
        totalSize ??= page.totalSize;
        const next = nextPage(page, { received: records.length, totalSize });
        if (next === undefined) return records;
        url = next;
      }
    },
    async signIn(deadline) {
      await sessions.current(deadline);
    },
  };
}

function openExchange(
  options: SalesforceOptions,
  sessions: SessionStore,
  session: Session,
  call: RemoteCall,
) {
  let status: number | undefined;
  let renewalError: unknown;
  let renewed = false;

  async function renewOnce(): Promise<string> {
    const fresh = renewed ? undefined : await sessions.renew(session, call.deadline);
    if (!fresh) {
      throw new AppError("SALESFORCE_REFUSED", "Salesforce refuses a session that it just opened");
    }
    renewed = true;
    if (fresh.instanceUrl !== session.instanceUrl) {
      // jsforce would repeat the request at the old address; the next request uses the new one.
      throw new AppError("SALESFORCE_UNAVAILABLE", "Salesforce moved the org to another address");
    }
    return fresh.accessToken;
  }

  const refresh = callbackify(async () => {
    try {
      return await renewOnce();
    } catch (error) {
      // jsforce passes on only the message.
      renewalError = toSalesforceError(error, status);
      throw renewalError;
    }
  });

  const connection = new Connection({
    version: options.apiVersion,
    loginUrl: options.loginUrl,
    instanceUrl: session.instanceUrl,
    accessToken: session.accessToken,
    refreshFn: (_connection, callback) => refresh(callback),
  });
  connection._transport = createTransport({
    outbound: options.outbound,
    call,
    random: options.random,
    origin: session.instanceUrl,
    isSafe: (request) => request.method === "GET",
    onStatus: (received) => {
      status = received;
    },
  });

  return {
    async get(url: string): Promise<unknown> {
      try {
        return await connection.request({ method: "GET", url });
      } catch (error) {
        throw renewalError ?? toSalesforceError(error, status);
      }
    },
  };
}
