/** Sends jsforce's requests over our own pool, with a deadline, a size limit, and retries where they are safe. */
import { PassThrough } from "node:stream";
import type { Connection, HttpRequest, HttpResponse } from "jsforce";
import { AppError } from "#platform/errors";
import { sendWithRetry } from "#platform/outbound/retry";
import {
  describeFailure,
  type Outbound,
  type OutboundFailure,
  type OutboundRequest,
  type RemoteCall,
} from "#platform/outbound/send";
import { isTransientStatus } from "./salesforce-errors.ts";

interface TransportOptions {
  readonly outbound: Outbound;
  readonly call: Pick<RemoteCall, "deadline"> & Partial<RemoteCall>;
  readonly random: () => number;
  /** Requests carry credentials, so none is sent anywhere else, wherever its address came from. */
  readonly origin: string;
  /** Whether a request has no effect when it is sent twice. */
  readonly isSafe: (request: HttpRequest) => boolean;
  /** Called with the status of every reply, because jsforce's errors do not have it. */
  readonly onStatus: (status: number) => void;
}

/** What jsforce expects of a transport; the package does not export the class. */
type JsforceTransport = Connection["_transport"];

/**
 * jsforce's own transport hangs when a body stalls, ends the process when a body is cut off (both observed with 3.10.26), and
 * retries past the caller's deadline.
 */
export function createTransport(options: TransportOptions): JsforceTransport {
  return {
    // We never stream, but jsforce asks for a stream all the same.
    httpRequest: (outgoing) =>
      Object.assign(exchange(outgoing, options), { stream: () => new PassThrough() }),
    getRequestStreamCreator() {
      throw new TypeError("this transport carries no streams");
    },
  };
}

async function exchange(outgoing: HttpRequest, options: TransportOptions): Promise<HttpResponse> {
  const { outbound, random, origin } = options;
  const { deadline } = options.call;
  const request = toOutboundRequest(outgoing, options.call);
  const target = new URL(request.url);
  if (target.origin !== origin) {
    const text = `Salesforce named an address on another host (${target.host}), and nothing is sent there`;
    throw new AppError("SALESFORCE_UNAVAILABLE", text);
  }
  const result = options.isSafe(outgoing)
    ? await sendWithRetry(outbound, request, {
        deadline,
        random,
        isTransient: (reply) => isTransientStatus(reply.status),
      })
    : await outbound.send(request, deadline);
  if (result.kind === "failed") throw failureError(result);
  options.onStatus(result.status);
  return { statusCode: result.status, headers: result.headers, body: result.text };
}

function toOutboundRequest(
  { method, url, headers, body }: HttpRequest,
  { requestId, priority }: TransportOptions["call"],
): OutboundRequest {
  if (body !== undefined && body !== null && typeof body !== "string") {
    throw new TypeError("the transport carries text only");
  }
  const named = requestId === undefined ? {} : { "x-request-id": requestId };
  return { method, url, headers: { ...headers, ...named }, priority, ...(body ? { body } : {}) };
}

function failureError(failure: OutboundFailure): AppError {
  const code = failure.reason === "too_large" ? "SALESFORCE_REFUSED" : "SALESFORCE_UNAVAILABLE";
  const { cause, retryAfterSeconds } = failure;
  return new AppError(code, `Salesforce ${describeFailure(failure)}`, {
    cause,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
