/** Calls the Zendesk API: authorised, retried within the deadline, with failures as our own errors. */
import { AppError } from "#platform/errors";
import { sendWithRetry, type RetryOptions } from "#platform/outbound/retry";
import type {
  Outbound,
  OutboundReply,
  OutboundRequest,
  OutboundResult,
  RemoteCall,
} from "#platform/outbound/send";
import type { ZendeskCredentials } from "./credentials.ts";
import { parseLossless } from "./lossless-json.ts";
import {
  failureError,
  isRecordNotFound,
  isTransientStatus,
  refusedWrite,
  replyError,
  type RefusedWrite,
} from "./zendesk-errors.ts";

/** What became of a write; everything else is thrown. */
export type ZendeskWritten = "written" | RefusedWrite;

/**
 * - `repeatable`: the same when done twice, so it is sent again after every failure.
 * - `once`: sent again only when Zendesk certainly did nothing (429, 401). Otherwise the caller has to check
 *   whether it took effect.
 */
type ZendeskRetryClass = "repeatable" | "once";

export interface ZendeskClient {
  /**
   * The parsed body of a GET, integers beyond 2^53 as text; undefined when the record does not exist.
   * `path` starts with `/api/v2/`. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE.
   */
  get(path: string, query: Readonly<Record<string, string>>, call: RemoteCall): Promise<unknown>;
  /**
   * The same for a page whose size the caller chose. A page that Zendesk cannot build, or that is too large for us, is not
   * requested again at the same size: fewer rows may work.
   */
  page(
    path: string,
    query: Readonly<Record<string, string>>,
    call: RemoteCall,
  ): Promise<{ readonly kind: "body"; readonly body: unknown } | TooMuch>;
  /** The same for an endpoint that answers text, such as a public key. */
  text(path: string, call: RemoteCall): Promise<string | undefined>;
  /** Sends a PUT with a JSON body. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE. */
  put(
    path: string,
    body: object,
    call: RemoteCall & { readonly retry: ZendeskRetryClass },
  ): Promise<ZendeskWritten>;
}

export interface TooMuch {
  readonly kind: "too_much";
  /** What became of the call, with its cause. */
  readonly error: AppError;
}

interface ZendeskClientOptions {
  /** `https://{subdomain}.zendesk.com`, without a path. */
  readonly origin: string;
  readonly credentials: ZendeskCredentials;
  readonly outbound: Outbound;
  readonly random: () => number;
}

/** A call, without its credential. */
interface Exchange {
  readonly request: Pick<OutboundRequest, "method" | "url" | "body" | "headersTimeoutMs"> & {
    readonly accept?: string;
  };
  /** Names the call in messages, without the query. */
  readonly where: string;
  /** `text`: repeatable, and the answer need not be JSON. `page`: repeated only where a smaller page would not help. */
  readonly retry: ZendeskRetryClass | "text" | "page";
}

export function createZendeskClient(options: ZendeskClientOptions): ZendeskClient {
  const { origin, credentials, outbound, random } = options;

  async function send(
    { request: { accept = "application/json", ...request }, retry }: Exchange,
    authorization: string,
    { deadline, requestId, priority }: RemoteCall,
  ) {
    const contentType = request.body === undefined ? {} : { "content-type": "application/json" };
    return sendWithRetry(
      outbound,
      {
        ...request,
        priority,
        headers: {
          accept,
          authorization,
          "x-request-id": requestId,
          ...contentType,
        },
      },
      { deadline, random, ...RETRIES[retry] },
    );
  }

  /** After a 401 it is tried once more, with another token. */
  async function exchangeAuthorised(exchange: Exchange, call: RemoteCall): Promise<OutboundResult> {
    const authorization = await credentials.authorization(call.deadline);
    const result = await send(exchange, authorization, call);
    if (result.kind === "failed" || result.status !== 401) return result;
    const renewed = await credentials.renew(authorization, call.deadline);
    return renewed === undefined ? result : send(exchange, renewed, call);
  }

  async function sendAuthorised(exchange: Exchange, call: RemoteCall): Promise<OutboundReply> {
    const result = await exchangeAuthorised(exchange, call);
    if (result.kind === "failed") throw failureError(result, exchange.where);
    return result;
  }

  function urlOf(path: string, query: Readonly<Record<string, string>>): string {
    const search = new URLSearchParams(query).toString();
    return `${origin}${path}${search === "" ? "" : `?${search}`}`;
  }

  return {
    async get(path, query, call) {
      const where = `GET ${path}`;
      const request = { method: "GET", url: urlOf(path, query) } as const;
      const reply = await sendAuthorised({ request, where, retry: "repeatable" }, call);
      if (isRecordNotFound(reply)) return undefined;
      if (reply.status !== 200) throw replyError(reply, where);
      return parseBody(reply, where);
    },
    async page(path, query, call) {
      const where = `GET ${path}`;
      const url = urlOf(path, query);
      const request = { method: "GET", url, headersTimeoutMs: PAGE_HEADERS_MS } as const;
      const result = await exchangeAuthorised({ request, where, retry: "page" }, call);
      if (result.kind === "reply" && result.status === 200) {
        return { kind: "body", body: parseBody(result, where) };
      }
      const error =
        result.kind === "failed" ? failureError(result, where) : replyError(result, where);
      if (isTooMuch(result)) return { kind: "too_much", error };
      throw error;
    },
    async text(path, call) {
      const where = `GET ${path}`;
      const request = { method: "GET", url: `${origin}${path}`, accept: "*/*" } as const;
      const reply = await sendAuthorised({ request, where, retry: "text" }, call);
      if (reply.status === 404) return undefined;
      if (reply.status !== 200) throw replyError(reply, where);
      return reply.text;
    },
    async put(path, body, call) {
      const where = `PUT ${path}`;
      const reply = await sendAuthorised(
        {
          request: { method: "PUT", url: `${origin}${path}`, body: JSON.stringify(body) },
          where,
          retry: call.retry,
        },
        call,
      );
      const refused = refusedWrite(reply);
      if (refused) return refused;
      if (reply.status !== 200) throw replyError(reply, where);
      // A page from something between us and Zendesk does not count as success.
      parseBody(reply, where);
      return "written";
    },
  };
}

/** Zendesk takes longer for hundreds of rows than for one ticket, and nobody is waiting. */
const PAGE_HEADERS_MS = 20_000;

const RETRIES: Record<Exchange["retry"], Pick<RetryOptions, "isTransient" | "repeatsFailures">> = {
  repeatable: { isTransient },
  text: { isTransient: (reply) => isTransientStatus(reply.status) },
  once: { isTransient: (reply) => reply.status === 429, repeatsFailures: false },
  page: { isTransient: (reply) => isTransient(reply) && !isTooMuch(reply), repeatsFailures: false },
};

/**
 * Whether fewer rows may work: the page took too long, was too large for us, or Zendesk could not build it. 504 has been seen
 * at one page size only (airbyte #52059, #86479). 503 means maintenance or overload, whatever the size.
 */
function isTooMuch(result: OutboundResult): boolean {
  if (result.kind === "reply") return result.status >= 500 && result.status !== 503;
  return ["deadline", "timeout", "too_large"].includes(result.reason);
}

/** A success that is not JSON comes from something between us and Zendesk, such as a maintenance page. */
function isTransient(reply: OutboundReply): boolean {
  return isTransientStatus(reply.status) || (reply.status === 200 && !isJson(reply.text));
}

function isJson(text: string): boolean {
  const first = text.trimStart().at(0);
  return first === "{" || first === "[";
}

function parseBody(reply: OutboundReply, where: string): unknown {
  try {
    return parseLossless(reply.text);
  } catch {
    // Without the cause, which quotes the text and so may quote a customer.
    const text = `Zendesk answered ${where} with text that is not JSON`;
    throw new AppError("ZENDESK_UNAVAILABLE", text);
  }
}
