/** Admits a request before its body is read: who calls, and have they any requests left in this minute? */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Scope } from "#contract/routes/route";
import { AppError } from "../errors.ts";
import type { KnownCallers } from "./audit.ts";
import { requireScope, type Caller, type Identify } from "./auth.ts";
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
  /** For what only known callers may do, whose credential has the scope. Throws UNAUTHORIZED, FORBIDDEN or TOO_MANY_REQUESTS. */
  readonly admit: (request: FastifyRequest, reply: FastifyReply, scope: Scope) => Promise<void>;
  /** The same for a caller who was found in another way. */
  readonly admitCaller: (
    caller: Caller,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<void>;
  /** Refuses a caller who was counted as a stranger already. Throws UNAUTHORIZED. */
  readonly turnAway: (stranger: Stranger, request: FastifyRequest) => never;
  /** For what everybody may ask. Throws TOO_MANY_REQUESTS. */
  readonly admitStranger: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Whose request was admitted. */
  readonly accountOf: (request: FastifyRequest) => string;
  /** The same, or undefined: nobody's yet. */
  readonly knownAccountOf: (request: FastifyRequest) => string | undefined;
}

type Stranger = Extract<Caller, { known: false }>;

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
 * ones. The length of a secret prevents guessing, not this limit.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { identify, callers, countCaller, countStranger } = options;

  function turnAway(stranger: Stranger, request: FastifyRequest): never {
    callers.set(request, stranger);
    throw new AppError("UNAUTHORIZED", stranger.problem);
  }

  const admitCaller: Admission["admitCaller"] = async (caller, request, reply) => {
    callers.set(request, caller);
    const count = caller.known ? countCaller : countStranger;
    if (count) await spend(count, request, reply);
    if (!caller.known) turnAway(caller, request);
  };

  const knownAccountOf: Admission["knownAccountOf"] = (request) => {
    const caller = callers.get(request);
    return caller?.known ? caller.account : undefined;
  };

  return {
    async admit(request, reply, scope) {
      const caller = identify(request.headers);
      await admitCaller(caller, request, reply);
      if (caller.known) requireScope(caller.scopes, scope);
    },
    admitCaller,
    turnAway,
    admitStranger: (request, reply) => spend(countStranger, request, reply),
    accountOf(request) {
      const account = knownAccountOf(request);
      if (account === undefined) throw new Error("the request was not admitted");
      return account;
    },
    knownAccountOf,
  };
}
