/** Lets administrators and agents in: by a server token, which counts as an administrator, or by a session of the app. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Role, Scope } from "#contract/routes/route";
import { AppError } from "#platform/errors";
import type { Admission } from "#platform/http/admission";
import { requireScope, type Identify } from "#platform/http/auth";
import type { RoleCheck, RoleCaller } from "#platform/http/json-routes";
import { hashToken, readSessionToken, type SessionToken } from "./session-token.ts";

/** The holder of a session's token, or why there is none. */
export type FindSession = (
  token: SessionToken,
) => Promise<(RoleCaller & { readonly known: true }) | { readonly known: false; problem: string }>;

interface RoleCheckOptions {
  readonly admission: Pick<Admission, "admitCaller" | "admitStranger" | "turnAway">;
  readonly identify: Identify;
  readonly findSession: FindSession;
}

/** How many found sessions are remembered; the oldest is forgotten first, and then counts as a stranger's once more. */
const MOST_FOUND = 10_000;

export function createRoleCheck(options: RoleCheckOptions): RoleCheck {
  const { admission, identify, findSession } = options;
  const admitted = new WeakMap<FastifyRequest, RoleCaller>();
  /** Hashes of tokens. */
  const foundBefore = new Set<string>();

  function rememberFound(hash: string): void {
    const [oldest] = foundBefore;
    if (foundBefore.size >= MOST_FOUND && oldest !== undefined) foundBefore.delete(oldest);
    foundBefore.add(hash);
  }

  /** A token that was not found before counts as a stranger's before it costs a look-up. */
  async function checkSession(token: SessionToken, request: FastifyRequest, reply: FastifyReply) {
    const hash = hashToken(token.token);
    if (!foundBefore.has(hash)) await admission.admitStranger(request, reply);
    const found = await findSession(token);
    if (!found.known) {
      foundBefore.delete(hash);
      return admission.turnAway({ ...found, kind: "bearer" }, request);
    }
    rememberFound(hash);
    const { account, role, userId, expiresAt } = found;
    // The role decides what a session may do.
    const caller = { known: true, kind: "bearer", account, scopes: [] } as const;
    await admission.admitCaller(caller, request, reply);
    return { account, role, userId, expiresAt };
  }

  async function checkOperator(request: FastifyRequest, reply: FastifyReply, scope: Scope) {
    const caller = identify(request.headers);
    await admission.admitCaller(caller, request, reply);
    if (!caller.known) throw new Error("a stranger was admitted");
    requireScope(caller.scopes, scope);
    return { account: caller.account, role: "admin", userId: null, expiresAt: null } as const;
  }

  function requireRole(needed: Role, scope: Scope): ReturnType<RoleCheck["requireRole"]> {
    return async (request, reply) => {
      const token = readSessionToken(request.headers);
      const caller =
        token === undefined
          ? await checkOperator(request, reply, scope)
          : await checkSession(token, request, reply);
      if (needed === "admin" && caller.role !== "admin") {
        throw new AppError("FORBIDDEN", "only administrators of the Zendesk account may do this");
      }
      admitted.set(request, caller);
    };
  }

  return {
    requireRole,
    callerOf(request) {
      const caller = admitted.get(request);
      if (!caller) throw new Error("the request was not admitted");
      return caller;
    },
  };
}
