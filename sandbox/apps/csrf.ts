/**
 * Sessions in a browser: writes by cookie want the session's CSRF token, which Zendesk hands out as `authenticity_token`
 * of `/api/v2/users/me` and which the host page adds for an app's requests. The refusal's body is inferred.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Account } from "#zis/services/account";
import { isJsonObject } from "#zis/model/json";
import type { AppSwitches } from "./switches.ts";

const CSRF_HEADER = "x-csrf-token";

export interface Csrf {
  /** The token that belongs to a Cookie header. */
  tokenFor(cookie: string): string;
  /** Guards all routes of a server; call it before any is registered. */
  guard(app: FastifyInstance): void;
}

export interface CsrfOptions {
  readonly account: Account;
  readonly secret: string;
  readonly switches: AppSwitches;
}

const SAFE = ["GET", "HEAD", "OPTIONS"];
/** What Zendesk serves; the local pages of ZIS beside it know nothing of sessions. */
const GUARDED = /^\/(api|zaf)\//;
const ME = /^\/api\/v2\/users\/me(\.json)?(\?|$)/;

export function createCsrf({ account, secret, switches }: CsrfOptions): Csrf {
  const tokenFor = (cookie: string) => {
    const session = /_zendesk_session=([^;]+)/.exec(cookie)?.[1] ?? "";
    return createHmac("sha256", secret).update(session).digest("base64url");
  };

  function session(request: FastifyRequest): string | undefined {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined || cookie === undefined) return undefined;
    return account.identify(request.headers).ok ? cookie : undefined;
  }

  return {
    tokenFor,
    guard(app) {
      app.addHook("onRequest", async (request, reply) => {
        const cookie = session(request);
        if (!switches.csrf || cookie === undefined || SAFE.includes(request.method))
          return undefined;
        if (!GUARDED.test(request.url)) return undefined;
        if (same(request.headers[CSRF_HEADER], tokenFor(cookie))) return undefined;
        return reply.code(403).send({
          error: { title: "Forbidden", message: "Invalid authenticity token" },
        });
      });
      app.addHook("onSend", async (request, _reply, payload) => {
        const cookie = session(request);
        if (cookie === undefined || typeof payload !== "string" || !ME.test(request.url)) {
          return payload;
        }
        const body: unknown = JSON.parse(payload);
        const user = isJsonObject(body) ? body["user"] : undefined;
        if (!isJsonObject(user)) return payload;
        return JSON.stringify({ user: { ...user, authenticity_token: tokenFor(cookie) } });
      });
    },
  };
}

function same(given: string | readonly string[] | undefined, wanted: string): boolean {
  const a = Buffer.from(String(given ?? ""));
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
