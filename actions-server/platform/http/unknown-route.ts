/** Refuses what no route serves, before its body is read. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import type { Admission } from "./admission.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT"] as const;
const SHOWN_PATH = 200;

/**
 * NOT_FOUND, or METHOD_NOT_ALLOWED when the path is served for another method. Paths with parameters are not looked for:
 * they answer NOT_FOUND.
 */
export function registerUnknownRoutes(
  app: FastifyInstance,
  { admitStranger }: Pick<Admission, "admitStranger">,
): void {
  async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    await admitStranger(request, reply);
    const url = request.url.split("?", 1)[0] ?? "";
    const asked = `${request.method} ${url.slice(0, SHOWN_PATH)}`;
    const allowed = METHODS.filter((method) => app.hasRoute({ method, url }));
    if (allowed.length === 0) throw new AppError("NOT_FOUND", `there is no ${asked}`);
    reply.header("allow", allowed.join(", "));
    throw new AppError("METHOD_NOT_ALLOWED", `there is no ${asked}, only ${allowed.join(", ")}`);
  }

  app.addHook("onRequest", (request, reply, done) => {
    if (request.is404) return refuse(request, reply);
    return done();
  });
}
