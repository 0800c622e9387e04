/** Builds the HTTP server from its dependencies. */
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { Logger } from "pino";
import { createRoleCheck } from "#subjects/access/role-check";
import { registerSessionPage, type SessionPageDeps } from "#subjects/access/session-page-route";
import { ErrorReply } from "#contract/actions/envelope";
import { registerActionRoutes, type ActionRouteDeps } from "#platform/http/action-routes";
import { createAdmission, type Admission } from "#platform/http/admission";
import { createAudit, type Audit, type KnownCallers } from "#platform/http/audit";
import type { Caller, Identify } from "#platform/http/auth";
import { createCheckCompiler } from "#platform/http/check-body";
import { createAnswerClientError } from "#platform/http/client-error";
import { createSendError } from "#platform/http/error-reply";
import { registerLiveness, registerReadiness, type Probe } from "#platform/http/health";
import { registerHttpRules } from "#platform/http/http-rules";
import { registerJsonRoutes, type RouteHandlers } from "#platform/http/json-routes";
import { parseJsonBody } from "#platform/http/json-body";
import { lazySerializers } from "#platform/http/lazy-serializers";
import { SERVER_LIMITS, type ServerLimits } from "#platform/http/limits";
import { registerMetrics } from "#platform/metrics/metrics";
import { registerOpenApi } from "#platform/http/openapi";
import { createOwedAnswers } from "#platform/http/owed-answers";
import { addressOf, createRateLimit } from "#platform/http/rate-limit";
import { createRequestValue } from "#platform/http/request-value";
import { readSecurityHeaders } from "#platform/http/security-headers";
import { registerUnknownRoutes } from "#platform/http/unknown-route";
import { traceRequests } from "#platform/http/trace-requests";
import type { Redis } from "#platform/redis/connection";
import type { Tracing } from "#platform/tracing/tracing";

interface Administered {
  readonly sessionPage: SessionPageDeps;
  readonly routes: Partial<RouteHandlers>;
}

export interface AppDeps extends ActionRouteDeps {
  /** The header of API keys, in lower case. */
  readonly apiKeyHeader: string;
  /** Undefined: the administrators' routes are not served. */
  readonly administration?: Administered | undefined;
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>;
  /** What the server needs besides the database. */
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
  /** Proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  /** Milliseconds that only grow; default: the process's. */
  readonly clock?: () => number;
  /** Readiness and metrics are served by `buildMonitoring` instead. */
  readonly isMonitoredApart?: boolean;
}

/** A caller's own id is kept when it cannot break a log line or a header. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

interface ServerParts {
  readonly deps: AppDeps;
  readonly limits: ServerLimits;
  readonly audit: Audit;
  readonly callers: KnownCallers;
}

/** `admission` resolves later, because making it needs this server. */
function createServer(
  { deps, limits, audit, callers }: ServerParts,
  admission: Promise<Admission>,
): FastifyInstance {
  const { log, newId, trustedProxies } = deps;
  const loggerInstance: FastifyBaseLogger = log;
  const sendError = createSendError({ audit, callers });
  const owedAnswers = createOwedAnswers();

  /** Of a request that no hook has seen: its address cannot be read. */
  async function refuseUnrouted(error: Error, request: FastifyRequest, reply: FastifyReply) {
    try {
      await (await admission).admitStranger(request, reply);
      await sendError(error, request, reply);
    } catch (refusal) {
      await sendError(refusal, request, reply);
    }
  }

  const app = fastify({
    loggerInstance,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silentMs,
    http: {
      maxHeaderSize: limits.headerBytes,
      requireHostHeader: false,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    schemaController: { compilersFactory: { buildSerializer: lazySerializers } },
    // Parameters of any length reach the hooks, which count the caller, and then the schema of the path.
    routerOptions: { maxParamLength: limits.headerBytes },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    logController: new LogController({ requestIdLogLabel: "request_id" }),
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && REQUEST_ID.test(given) ? given : newId();
    },
    // While the server closes, what still arrives on open connections is served.
    return503OnClosing: false,
    clientErrorHandler: createAnswerClientError({ audit, log, newId, owedAnswers }),
    frameworkErrors: (error, request, reply) => void refuseUnrouted(error, request, reply),
  });
  app.setErrorHandler(sendError);
  owedAnswers.watch(app.server);
  app.server.maxConnections = limits.connections;
  app.server.on("drop", () => deps.metrics.countRefusal("TOO_MANY_CONNECTIONS", "none"));
  return app;
}

function readJsonBodies(app: FastifyInstance): void {
  app.setValidatorCompiler(createCheckCompiler());
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    (_request, body: string, done) => done(null, parseJsonBody(body)),
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
  { deps, audit, administration }: ServerParts & { readonly administration: Administered },
): void {
  const { sessionPage, routes } = administration;
  const findSession = sessionPage.sessions.find;
  registerSessionPage(app, { admitStranger: admission.admitStranger, audit }, sessionPage);
  const roles = createRoleCheck({ admission, identify: deps.identify, findSession });
  registerJsonRoutes(app, roles, routes);
}

interface Server {
  readonly app: FastifyInstance;
  readonly admission: Admission;
  readonly parts: ServerParts;
}

/** What every port has: refusals, limits, ids of requests, and whether the process lives. */
async function createBase(deps: AppDeps): Promise<Server> {
  const limits = { ...SERVER_LIMITS, ...deps.limits };
  const parts = {
    deps,
    limits,
    audit: createAudit(deps.metrics),
    callers: createRequestValue<Caller>(),
  };
  const made = Promise.withResolvers<Admission>();
  const app = createServer(parts, made.promise);
  const securityHeaders = await readSecurityHeaders();
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers({ ...securityHeaders, "x-request-id": request.id });
    done();
  });
  if (deps.tracing) traceRequests(app, deps.tracing);
  readJsonBodies(app);
  app.addSchema(ErrorReply);
  const admission = await createAppAdmission(app, parts);
  made.resolve(admission);
  registerHttpRules(app, admission);
  registerUnknownRoutes(app, admission);
  registerLiveness(app);
  return { app, admission, parts };
}

function registerMonitoring(app: FastifyInstance, deps: AppDeps, isStopping: () => boolean): void {
  const { pingDatabase, metrics, clock = () => performance.now() } = deps;
  const probes = [{ name: "database", isNeeded: true, ping: pingDatabase }, ...(deps.probes ?? [])];
  registerReadiness(app, { probes, clock, isStopping });
  registerMetrics(app, metrics, clock);
}

/**
 * Readiness and metrics on a server of their own, for `isMonitoredApart`: close it after the other one, so that it says
 * of a server which drains that it is not ready.
 */
export async function buildMonitoring(
  deps: AppDeps,
  isStopping: () => boolean,
): Promise<FastifyInstance> {
  const { app } = await createBase(deps);
  registerMonitoring(app, deps, isStopping);
  await app.ready();
  return app;
}

/** A server that is ready to listen or to be injected into. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { app, admission, parts } = await createBase(deps);
  const { apiKeyHeader, administration } = deps;
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
  });
  await registerOpenApi(app, { apiKeyHeader, onRequest: admission.admitStranger });
  if (!deps.isMonitoredApart) registerMonitoring(app, deps, () => stopping);
  registerActionRoutes(app, admission, deps);
  if (administration) registerAdministration(app, admission, { ...parts, administration });
  await app.ready();
  return app;
}
