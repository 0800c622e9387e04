/** Refuses what HTTP itself forbids, and what Node would otherwise answer without a body. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import type { Admission } from "./admission.ts";

/** RFC 9112, 3.2, and RFC 9110, 10.1.1. The server must be made with `requireHostHeader: false`. */
export function registerHttpRules(
  app: FastifyInstance,
  { admitStranger }: Pick<Admission, "admitStranger">,
): void {
  // Node would answer 417 by itself.
  app.server.on("checkExpectation", (request, response) => {
    app.server.emit("request", request, response);
  });

  async function refuse(request: FastifyRequest, reply: FastifyReply, hasHost: boolean) {
    await admitStranger(request, reply);
    if (!hasHost) throw new AppError("BAD_REQUEST", "the header Host is missing");
    throw new AppError("EXPECTATION_FAILED", "the header Expect asks for what is not supported");
  }

  app.addHook("onRequest", (request, reply, done) => {
    const { headers, httpVersion } = request.raw;
    const hasHost = headers.host !== undefined || httpVersion === "1.0";
    const isExpected = /^(100-continue)?$/i.test(headers.expect ?? "");
    if (hasHost && isExpected) return done();
    return refuse(request, reply, hasHost);
  });
}
