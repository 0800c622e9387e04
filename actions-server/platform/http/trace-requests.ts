/** Records every call of an action as the parent span of all others, in the trace of its caller. */
import type { FastifyInstance } from "fastify";
import { createRequestValue } from "./request-value.ts";
import type { OpenSpan, Tracing } from "../tracing/tracing.ts";

export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  const spans = createRequestValue<OpenSpan>();
  app.addHook("onRequest", async (request) => {
    const route = request.routeOptions.url ?? "unknown";
    const { traceparent } = request.headers;
    const span = tracing.open(
      {
        name: `${request.method} ${route}`,
        role: "server",
        attributes: {
          "http.request.method": request.method,
          "http.route": route,
          "caseqa.request_id": request.id,
        },
      },
      typeof traceparent === "string" ? traceparent : undefined,
    );
    spans.set(request, span);
  });
  // Reading the body leaves the context that a hook before it was in: this is the last one before the handler.
  app.addHook("preHandler", (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.run(done);
    else done();
  });
  app.addHook("onResponse", async (request, reply) => {
    const replayed = reply.getHeader("idempotency-replayed") === "true";
    spans
      .get(request)
      ?.end(
        { "http.response.status_code": reply.statusCode, "caseqa.replayed": replayed },
        reply.statusCode >= 500,
      );
  });
}
