/** Accepts a webhook of Zendesk if it is signed, recent and not yet handled. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "#platform/errors";
import type { Secret } from "#platform/secret";
import type { Delivery, WebhookReceipts } from "./receipts.ts";
import { checkSignature } from "./signature.ts";
import { parseJsonBody } from "#platform/http/json-body";

export interface WebhookGateOptions {
  /** The account whose webhook it is: each has its own secrets. */
  readonly account: string;
  /** Its signing secret; while that is being changed, the old and the new one. */
  readonly secrets: readonly Secret[];
  readonly receipts: WebhookReceipts;
  readonly now: () => Date;
}

const NO_BODY = Buffer.alloc(0);

/**
 * Guards every route of this scope, which must be a separate one: `app.register(async (scope) => { ... })`. The body is
 * signed as bytes, and parsed as JSON only if the signature matches. Throws WEBHOOK_UNTRUSTED, WEBHOOK_REPLAYED, and
 * REQUEST_IN_PROGRESS while the first delivery is still being handled. A delivery that is not answered with success may come
 * again, so the handler must tolerate running twice.
 */
export function registerWebhookGate(
  scope: FastifyInstance,
  { account, secrets, receipts, now }: WebhookGateOptions,
): void {
  const taken = new WeakMap<FastifyRequest, Delivery>();

  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_: unknown, body: Buffer) => body,
  );

  scope.addHook("preValidation", async (request) => {
    const body = Buffer.isBuffer(request.body) ? request.body : NO_BODY;
    const signed = checkSignature({ headers: request.headers, body, secrets, now: now() });
    if (!signed.ok) throw new AppError("WEBHOOK_UNTRUSTED", signed.problem);
    const delivery = { account, signature: signed.signature, invocation: signed.invocation };
    const state = await receipts.take(delivery);
    if (state === "replayed") {
      throw new AppError("WEBHOOK_REPLAYED", "this delivery was handled already");
    }
    if (state === "in-progress") {
      throw new AppError("REQUEST_IN_PROGRESS", "this delivery is being handled", {
        retryAfterSeconds: 1,
      });
    }
    taken.set(request, delivery);
    if (body.length > 0) request.body = parseJsonBody(body.toString("utf8"));
  });

  // Before the answer is sent, because the sender's next attempt may follow at once.
  scope.addHook("onSend", async (request, reply) => {
    const delivery = taken.get(request);
    if (!delivery) return;
    taken.delete(request);
    const isDone = reply.statusCode < 300;
    await (isDone ? receipts.markHandled(delivery) : receipts.forget(delivery));
  });
}
