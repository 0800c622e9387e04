/** The HTTP server, from its dependencies: no adapter is chosen here. */
import { Ajv } from "ajv";
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { createAdminAdmission } from "./admin/admission.ts";
import { registerAdminRoutes } from "./admin/admin-routes.ts";
import type { Admin } from "./admin/create-admin.ts";
import { registerSessionRoutes } from "./admin/session-routes.ts";
import { ErrorReply } from "./contract/envelope.ts";
import { registerActionRoutes, type ActionRouteDeps } from "./http/action-routes.ts";
import { createAdmission, type Admission } from "./http/admission.ts";
import { createAudit, type Audit, type KnownCallers } from "./http/audit.ts";
import type { Identify } from "./http/auth.ts";
import { createAnswerClientError } from "./http/client-error.ts";
import { createSendError } from "./http/error-reply.ts";
import { registerHealth, type Probe } from "./http/health.ts";
import { parseJsonBody } from "./http/json-body.ts";
import { SERVER_LIMITS, type ServerLimits } from "./http/limits.ts";
import { registerMetrics } from "./http/metrics.ts";
import { registerOpenApi } from "./http/openapi.ts";
import { addressOf, createRateLimit } from "./http/rate-limit.ts";
import { readSecurityHeaders } from "./http/security-headers.ts";
import { registerUnknownRoutes } from "./http/unknown-route.ts";
import { traceRequests } from "./http/trace-requests.ts";
import type { Redis } from "./redis/connection.ts";
import { registerSweepRoutes, type SweepRouteDeps } from "./sync/sweep-routes.ts";
import type { Tracing } from "./tracing/tracing.ts";

export interface AppDeps extends ActionRouteDeps {
  /** Undefined: the administrators' routes are not served. */
  readonly admin?: Admin | undefined;
  /** Served with those. */
  readonly sweeps?: SweepRouteDeps | undefined;
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>;
  /** What the server stands on besides the database. */
  readonly probes?: readonly Probe[];
  readonly log: Logger;
  readonly newId: () => string;
  /** Undefined: no traces. */
  readonly tracing?: Tracing | undefined;
  readonly identify: Identify;
  /** Of one account; 0: no limit. */
  readonly rateLimitPerMinute: number;
  /** Counts the requests of all servers together. */
  readonly redis?: Redis | undefined;
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly limits?: Partial<ServerLimits>;
}

/** A caller's own id is kept when it cannot break a log line or a header. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

interface ServerParts {
  readonly deps: AppDeps;
  readonly limits: ServerLimits;
  readonly audit: Audit;
  readonly callers: KnownCallers;
}

function createServer({ deps, limits, audit, callers }: ServerParts): FastifyInstance {
  const { log, newId, trustedProxies } = deps;
  const loggerInstance: FastifyBaseLogger = log;
  const sendError = createSendError({ audit, callers });
  const app = fastify({
    loggerInstance,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silentMs,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    logController: new LogController({ requestIdLogLabel: "request_id" }),
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && REQUEST_ID.test(given) ? given : newId();
    },
    // While the server closes, what still arrives on open connections is served.
    return503OnClosing: false,
    clientErrorHandler: createAnswerClientError({ audit, log, newId }),
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  });
  app.setErrorHandler(sendError);
  app.server.maxConnections = limits.connections;
  app.server.on("drop", () => deps.metrics.countRefusal("TOO_MANY_CONNECTIONS", "none"));
  return app;
}

/** Bodies are checked as they are: nothing coerced, filled in or taken away. Headers are checked by hand. */
function readJsonBodies(app: FastifyInstance): void {
  const ajv = new Ajv({ allErrors: true, verbose: true });
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === "body" ? ajv.compile(schema as object) : () => true,
  );
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    async (_: unknown, body: string) => parseJsonBody(body),
  );
}

async function createAppAdmission(
  app: FastifyInstance,
  { deps, limits, callers }: ServerParts,
): Promise<Admission> {
  const { identify, rateLimitPerMinute, redis } = deps;
  const admission: Admission = createAdmission({
    identify,
    callers,
    countCaller:
      rateLimitPerMinute === 0
        ? undefined
        : await createRateLimit(app, {
            keyOf: (request) => `account:${admission.accountOf(request)}`,
            perMinute: rateLimitPerMinute,
            redis,
          }),
    countStranger: await createRateLimit(app, {
      keyOf: (request) => `address:${addressOf(request)}`,
      perMinute: limits.strangersPerMinute,
      redis,
    }),
  });
  return admission;
}

function registerAdministration(
  app: FastifyInstance,
  admission: Admission,
  { deps, audit, admin }: ServerParts & { readonly admin: Admin },
): void {
  const { identify } = deps;
  const findSession = admin.sessions.find;
  const adminAdmission = createAdminAdmission({ admission, identify, findSession });
  const { admitStranger } = admission;
  registerSessionRoutes(app, { ...adminAdmission, admitStranger, audit }, admin.sessionRoutes);
  registerAdminRoutes(app, adminAdmission, admin.routes);
  if (deps.sweeps) registerSweepRoutes(app, adminAdmission, deps.sweeps);
}

/** A server that is ready to listen or to be injected into. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { metrics, apiKeyHeader, pingDatabase } = deps;
  const limits = { ...SERVER_LIMITS, ...deps.limits };
  const parts = { deps, limits, audit: createAudit(metrics), callers: new WeakMap() };
  const app = createServer(parts);
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
  });
  const securityHeaders = await readSecurityHeaders();
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers({ ...securityHeaders, "x-request-id": request.id });
    done();
  });
  if (deps.tracing) traceRequests(app, deps.tracing);
  readJsonBodies(app);
  app.addSchema(ErrorReply);

  const admission = await createAppAdmission(app, parts);
  registerUnknownRoutes(app, admission);
  await registerOpenApi(app, { apiKeyHeader, onRequest: admission.admitStranger });
  const probes = [{ name: "database", isNeeded: true, ping: pingDatabase }, ...(deps.probes ?? [])];
  registerHealth(app, { probes, isStopping: () => stopping });
  registerMetrics(app, metrics);
  registerActionRoutes(app, admission, deps);
  if (deps.admin) registerAdministration(app, admission, { ...parts, admin: deps.admin });
  await app.ready();
  return app;
}
