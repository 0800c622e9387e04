/** Opens, renews and tells a session: Zendesk's signed form in, a page for the app out. */
import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ADMIN_PATHS, type Me } from "#contract/admin";
import { AppError } from "#platform/errors";
import type { Admission } from "#platform/http/admission";
import type { Audit } from "#platform/http/audit";
import { toAppError } from "#platform/http/error-reply";
import type { AdminAdmission, AdminCaller } from "./admission.ts";
import { sessionPage, type Given } from "./session-page.ts";
import { readSessionToken } from "./session-token.ts";
import type { Sessions } from "./sessions.ts";

export interface SessionRouteDeps {
  readonly sessions: Sessions;
  /** Origins that may show the session's page in a frame. */
  readonly ancestors: readonly string[];
  /** Address of Zendesk's app framework, which the page loads. */
  readonly sdk: string;
}

interface Gates extends AdminAdmission {
  readonly admitStranger: Admission["admitStranger"];
  readonly audit: Audit;
}

/** Zendesk's token is about a kilobyte. */
const FORM_BYTES = 32_768;

export function registerSessionRoutes(
  app: FastifyInstance,
  { admitRole, callerOf, admitStranger, audit }: Gates,
  { sessions, ancestors, sdk }: SessionRouteDeps,
): void {
  function sendPage(reply: FastifyReply, given: Given): FastifyReply {
    const nonce = randomBytes(16).toString("base64url");
    const { html, contentSecurityPolicy } = sessionPage(given, { nonce, ancestors, sdk });
    // The policy says who may frame the page; the older header knows no list.
    reply.removeHeader("x-frame-options");
    return reply
      .headers({
        "content-security-policy": contentSecurityPolicy,
        "cache-control": "no-store",
        "cross-origin-resource-policy": "cross-origin",
      })
      .type("text/html; charset=utf-8")
      .send(html);
  }

  async function open(request: FastifyRequest): Promise<Given> {
    const token = (request.body as URLSearchParams).get("token") ?? "";
    const opened = await sessions.open(token, request.id);
    return { session: opened.token, expires_at: opened.expiresAt.toISOString() };
  }

  /** A page too, because a browser shows it and the app has to hear why. */
  function refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const error = toAppError(thrown);
    const { code, message, status } = error;
    if (status < 500) audit(request.log, { reason: code, ip: request.ip, detail: message });
    else request.log.warn({ err: error.cause ?? error, code }, "no session was opened");
    return sendPage(reply.code(status), { error: message, code });
  }

  // A scope of its own: nowhere else is a form taken.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: FORM_BYTES },
      async (_: unknown, body: string) => new URLSearchParams(body),
    );
    scope.post(
      ADMIN_PATHS.session,
      { schema: { hide: true }, onRequest: admitStranger },
      async (request, reply) => {
        try {
          return await sendPage(reply, await open(request));
        } catch (error) {
          return refuse(error, request, reply);
        }
      },
    );
  });

  app.get(
    ADMIN_PATHS.me,
    { schema: { hide: true }, onRequest: admitRole("agent") },
    async (request) => toMe(callerOf(request)),
  );

  app.post(
    ADMIN_PATHS.renew,
    { schema: { hide: true }, onRequest: admitRole("agent") },
    async (request) => {
      const token = readSessionToken(request.headers);
      if (!token)
        throw new AppError("BAD_REQUEST", "a server token is not a session: it never ends");
      return toMe(await sessions.renew(token, request.id));
    },
  );
}

function toMe({ account, userId, role, expiresAt }: AdminCaller): Me {
  return { account, user_id: userId, role, expires_at: expiresAt?.toISOString() ?? null };
}
