/** The HTTP server, from its dependencies: no adapter is chosen here. */
import helmet from "@fastify/helmet";
import { Ajv } from "ajv";
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { ErrorReply } from "./contract/envelope.ts";
import { AppError } from "./errors.ts";
import { registerActionRoutes, type ActionRouteDeps } from "./http/action-routes.ts";
import { sendError } from "./http/error-reply.ts";
import { answerClientError } from "./http/client-error.ts";
import { registerHealth, type HealthDeps } from "./http/health.ts";
import { parseJsonBody } from "./http/json-body.ts";
import { registerMetrics } from "./http/metrics.ts";
import { registerOpenApi } from "./http/openapi.ts";

export interface AppDeps extends ActionRouteDeps, Pick<HealthDeps, "pingDatabase"> {
  readonly log: Logger;
  readonly newId: () => string;
}

const BODY_LIMIT_BYTES = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;
/** A caller's own id is kept when it cannot break a log line or a header. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

function createServer({ log, newId }: AppDeps): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    logController: new LogController({ requestIdLogLabel: "request_id" }),
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && REQUEST_ID.test(given) ? given : newId();
    },
    // While the server closes, what still arrives on open connections is served.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, newId()),
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  });
  // Bodies are checked as they are: nothing coerced, filled in or taken away. Headers are checked by hand.
  const ajv = new Ajv({ allErrors: true, verbose: true });
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === "body" ? ajv.compile(schema as object) : () => true,
  );
  return app;
}

/** A server that is ready to listen or to be injected into. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = createServer(deps);
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request) => {
    const path = request.url.split("?", 1)[0] ?? "";
    throw new AppError("NOT_FOUND", `there is no ${request.method} ${path.slice(0, 200)}`);
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    async (_: unknown, body: string) => parseJsonBody(body),
  );
  app.addSchema(ErrorReply);

  await app.register(helmet);
  await registerOpenApi(app);
  registerHealth(app, { pingDatabase: deps.pingDatabase, isStopping: () => stopping });
  registerMetrics(app, deps.metrics);
  registerActionRoutes(app, deps);
  await app.ready();
  return app;
}
