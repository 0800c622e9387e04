/** One HTTP exchange with a remote system: bounded in time and size, and answered as a tagged union. */
import { Agent, errors, request, type Dispatcher } from "undici";
import type { Deadline } from "../deadline.ts";

export interface OutboundRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Absolute. Redirects are never followed, so that no credential leaves for another host. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutboundReply {
  readonly kind: "reply";
  readonly status: number;
  /** Names in lower case; of a repeated header, the values joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface OutboundFailure {
  readonly kind: "failed";
  /** `deadline`: the caller's time is up; `timeout`: this attempt was slow, and time may be left. */
  readonly reason: "deadline" | "timeout" | "network" | "too_large";
  readonly cause: unknown;
}

export type OutboundResult = OutboundReply | OutboundFailure;

export interface Outbound {
  /** Never rejects: what went wrong on the way is a `failed` result. */
  send(outgoing: OutboundRequest, deadline: Deadline): Promise<OutboundResult>;
  /** Waits for exchanges under way, then closes every connection. */
  close(): Promise<void>;
}

export interface OutboundOptions {
  /** Connections to one origin. */
  readonly connections?: number;
  /** Time for a connection, and then for the headers of the answer. */
  readonly headersTimeoutMs?: number;
  /** Time between two pieces of a body. */
  readonly bodyTimeoutMs?: number;
  /** A longer body is cut off and reported as `too_large`. */
  readonly maxResponseBytes?: number;
}

/** A pool of connections per origin. The defaults leave room for a second attempt in a budget of 8 s. */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const headersTimeout = options.headersTimeoutMs ?? 4_000;
  const agent = new Agent({
    connections: options.connections ?? 64,
    connectTimeout: headersTimeout,
    headersTimeout,
    bodyTimeout: options.bodyTimeoutMs ?? 4_000,
    maxResponseSize: options.maxResponseBytes ?? 32 * 1024 * 1024,
  });

  return {
    async send(outgoing, deadline) {
      try {
        const reply = await request(outgoing.url, {
          dispatcher: agent,
          method: outgoing.method,
          headers: outgoing.headers,
          body: outgoing.body ?? null,
          signal: deadline.signal,
        });
        return {
          kind: "reply",
          status: reply.statusCode,
          headers: flatHeaders(reply.headers),
          text: await reply.body.text(),
        };
      } catch (cause) {
        return { kind: "failed", reason: failureReason(cause, deadline), cause };
      }
    },
    close: () => agent.close(),
  };
}

const FAILURES: Record<OutboundFailure["reason"], string> = {
  deadline: "did not answer in the time that was left",
  timeout: "was too slow",
  network: "could not be reached, or broke off",
  too_large: "answered more than we read",
};

/** What went wrong, to stand after the name of the remote system. */
export function describeFailure(failure: OutboundFailure): string {
  return FAILURES[failure.reason];
}

function flatHeaders(headers: Record<string, string | string[] | undefined>) {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

function failureReason(cause: unknown, deadline: Deadline): OutboundFailure["reason"] {
  if (deadline.signal.aborted) return "deadline";
  if (cause instanceof errors.ResponseExceededMaxSizeError) return "too_large";
  const slow =
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError ||
    cause instanceof errors.ConnectTimeoutError;
  return slow ? "timeout" : "network";
}
