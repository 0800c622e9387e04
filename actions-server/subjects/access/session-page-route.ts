/** Opens a session: takes the form that Zendesk signed, and answers with a page for the app. */
import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { SESSION_PATH } from "#contract/routes/access";
import type { Admission } from "#platform/http/admission";
import type { Audit } from "#platform/http/audit";
import { toAppError } from "#platform/http/error-reply";
import { sessionPage, type Given } from "./session-page.ts";
import type { Sessions } from "./sessions.ts";

export interface SessionPageDeps {
  readonly sessions: Sessions;
  /** Origins that may show the session's page in a frame. */
  readonly ancestors: readonly string[];
  /** Address of Zendesk's app framework, which the page loads. */
  readonly sdk: string;
}

interface Edge {
  readonly admitStranger: Admission["admitStranger"];
  readonly audit: Audit;
}

/** Zendesk's token is about a kilobyte. */
const FORM_BYTES = 32_768;

export function registerSessionPage(
  app: FastifyInstance,
  { admitStranger, audit }: Edge,
  { sessions, ancestors, sdk }: SessionPageDeps,
): void {
  function sendPage(reply: FastifyReply, given: Given): FastifyReply {
    const nonce = randomBytes(16).toString("base64url");
    const { html, contentSecurityPolicy } = sessionPage(given, { nonce, ancestors, sdk });
    // The policy says who may frame the page; the older header cannot hold a list.
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

  /** A page too, because a browser shows it and the app needs the reason. */
  function refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const error = toAppError(thrown);
    const { code, message, status } = error;
    if (status < 500) audit(request.log, { reason: code, ip: request.ip, detail: message });
    else request.log.warn({ err: error.cause ?? error, code }, "no session was opened");
    return sendPage(reply.code(status), { error: message, code });
  }

  // In its own scope, because no other route accepts a form.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: FORM_BYTES },
      async (_: unknown, body: string) => new URLSearchParams(body),
    );
    scope.post(
      SESSION_PATH,
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
}
