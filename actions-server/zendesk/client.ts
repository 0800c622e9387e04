/** Reads the Zendesk API: authorised, retried inside the deadline, refused or unavailable in our own words. */
import type { Deadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import { sendWithRetry } from "../outbound/retry.ts";
import type { Outbound, OutboundReply } from "../outbound/send.ts";
import type { ZendeskCredentials } from "./credentials.ts";
import { parseLossless } from "./lossless-json.ts";
import { failureError, isRecordNotFound, isTransientStatus, replyError } from "./zendesk-errors.ts";

/** What a call to a remote system needs to know of the request that it serves. */
export interface ZendeskCall {
  readonly deadline: Deadline;
  /** Sent as X-Request-ID, so that Zendesk's support can be asked about it. */
  readonly requestId: string;
}

export interface ZendeskClient {
  /**
   * The parsed body of a GET, integers beyond 2^53 as text; undefined when there is no such record.
   * `path` starts with `/api/v2/`. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE.
   */
  get(path: string, query: Readonly<Record<string, string>>, call: ZendeskCall): Promise<unknown>;
}

interface ZendeskClientOptions {
  /** `https://{subdomain}.zendesk.com`, without a path. */
  readonly origin: string;
  readonly credentials: ZendeskCredentials;
  readonly outbound: Outbound;
  readonly random: () => number;
}

export function createZendeskClient(options: ZendeskClientOptions): ZendeskClient {
  const { origin, credentials, outbound, random } = options;

  async function send(url: string, where: string, authorization: string, call: ZendeskCall) {
    const result = await sendWithRetry(
      outbound,
      {
        method: "GET",
        url,
        headers: { accept: "application/json", authorization, "x-request-id": call.requestId },
      },
      { deadline: call.deadline, random, isTransient },
    );
    if (result.kind === "failed") throw failureError(result, where);
    return result;
  }

  /** A 401 is worth one other token and one other try, no more. */
  async function sendAuthorised(url: string, where: string, call: ZendeskCall) {
    const authorization = await credentials.authorization(call.deadline);
    const reply = await send(url, where, authorization, call);
    if (reply.status !== 401) return reply;
    const renewed = await credentials.renew(authorization, call.deadline);
    return renewed === undefined ? reply : send(url, where, renewed, call);
  }

  return {
    async get(path, query, call) {
      const where = `GET ${path}`;
      const search = new URLSearchParams(query).toString();
      const url = `${origin}${path}${search === "" ? "" : `?${search}`}`;
      const reply = await sendAuthorised(url, where, call);
      if (isRecordNotFound(reply)) return undefined;
      if (reply.status !== 200) throw replyError(reply, where);
      return parseBody(reply, where);
    },
  };
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
    // Without the cause, which quotes the text: it may be a customer's.
    const text = `Zendesk answered ${where} with text that is not JSON`;
    throw new AppError("ZENDESK_UNAVAILABLE", text);
  }
}
