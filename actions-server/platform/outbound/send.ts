/** One HTTP exchange with a remote system: bounded in time and size, and answered as a tagged union. */
import { randomUUID } from "node:crypto";
import { Agent, errors, request, type Dispatcher } from "undici";
import type { Deadline } from "../deadline.ts";
import type { Priority } from "./budget.ts";

export interface OutboundRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Absolute. Redirects are never followed, so that no credential leaves for another host. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Time for the headers of the answer; absent: as for every call. */
  readonly headersTimeoutMs?: number;
  /** Who waits for it; absent: a flow. */
  readonly priority?: Priority | undefined;
}

/** What a call to a remote system needs to know of the request that it serves. */
export interface RemoteCall {
  readonly deadline: Deadline;
  /** Sent as X-Request-ID, so that the remote system's support can be asked about it. */
  readonly requestId: string;
  /** Who waits for it; absent: a flow. */
  readonly priority?: Priority | undefined;
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
  /**
   * `deadline`: the caller's time is up; `timeout`: this attempt was slow, and time may be left. `circuit_open` and
   * `no_budget`: it was not sent at all, to spare the remote system or its other users.
   */
  readonly reason: "deadline" | "timeout" | "network" | "too_large" | "circuit_open" | "no_budget";
  /** When another try is worth while, if that is known. */
  readonly retryAfterSeconds?: number;
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
  /** PEM of an authority that is trusted instead of the usual ones. */
  readonly ca?: string;
  /** Of calls that serve no request of their own, such as those for tokens. */
  readonly newId?: () => string;
}

/** A pool of connections per origin. The defaults leave room for a second attempt in a budget of 8 s. */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const headersTimeout = options.headersTimeoutMs ?? 4_000;
  const newId = options.newId ?? randomUUID;
  const agent = new Agent({
    connections: options.connections ?? 64,
    connect: {
      timeout: headersTimeout,
      // Said here, because the process's own least version can be lowered by its options.
      minVersion: "TLSv1.2",
      ...(options.ca !== undefined && { ca: options.ca }),
    },
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
          headers: { "x-request-id": newId(), ...outgoing.headers },
          body: outgoing.body ?? null,
          signal: deadline.signal,
          headersTimeout: outgoing.headersTimeoutMs ?? headersTimeout,
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
  circuit_open: "failed too often just now and is spared for a while",
  no_budget: "has no requests left for us in this window",
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
