/** Lets a request in before its body is read: who calls, and have they any requests left in this minute? */
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import type { KnownCallers } from "./audit.ts";
import type { Identify } from "./auth.ts";
import type { CountRequest } from "./rate-limit.ts";

export interface AdmissionOptions {
  readonly identify: Identify;
  readonly callers: KnownCallers;
  /** Undefined: known callers are not limited. */
  readonly countCaller: CountRequest | undefined;
  /** Counts by address. */
  readonly countStranger: CountRequest;
}

export interface Admission {
  /** For what only known callers may do. Throws UNAUTHORIZED or TOO_MANY_REQUESTS. */
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** For what everybody may ask. Throws TOO_MANY_REQUESTS. */
  readonly admitStranger: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Whose request was admitted. */
  readonly accountOf: (request: FastifyRequest) => string;
}

async function spend(count: CountRequest, request: FastifyRequest, reply: FastifyReply) {
  const { limit, remaining, resetSeconds, exceeded } = await count(request);
  reply.headers({
    "ratelimit-limit": limit,
    "ratelimit-remaining": remaining,
    "ratelimit-reset": resetSeconds,
  });
  if (!exceeded) return;
  throw new AppError("TOO_MANY_REQUESTS", `more than ${limit} requests in a minute`, {
    retryAfterSeconds: resetSeconds,
  });
}

/**
 * A known caller is never refused for what strangers of its address do: all of Zendesk's accounts call from the same
 * ones. Guessing a secret is hopeless by its length, not by the limit.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { identify, callers, countCaller, countStranger } = options;
  return {
    async admit(request, reply) {
      const caller = identify(request.headers);
      callers.set(request, caller);
      const count = caller.known ? countCaller : countStranger;
      if (count) await spend(count, request, reply);
      if (!caller.known) throw new AppError("UNAUTHORIZED", caller.problem);
    },
    admitStranger: (request, reply) => spend(countStranger, request, reply),
    accountOf(request) {
      const caller = callers.get(request);
      if (!caller?.known) throw new Error("the request was not admitted");
      return caller.account;
    },
  };
}
