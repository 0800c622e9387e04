/** Mounts the table of JSON routes: role, checks, deadline, then the subject's handler. */
import { Readable } from "node:stream";
import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ROUTES, type RouteName } from "#contract/routes";
import type { ReplyOf, RequestOf, Role, Route, Scope, TextStream } from "#contract/routes/route";
import { createDeadline } from "../deadline.ts";
import type { RemoteCall } from "../outbound/send.ts";
import { successOf, toRouteSchema } from "./route-schema.ts";

/** Who asks, in which role. */
export interface RoleCaller {
  readonly account: string;
  readonly role: Role;
  /** Null: an operator with a server token. */
  readonly userId: string | null;
  /** When the session ends, unless it is renewed; null: never. */
  readonly expiresAt: Date | null;
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Lets callers in by their role, before anything of a stranger's body is read. */
export interface RoleCheck {
  /** For this role and those above, and server tokens of this scope. Throws UNAUTHORIZED, FORBIDDEN or TOO_MANY_REQUESTS. */
  readonly requireRole: (role: Role, scope: Scope) => Hook;
  /** Who was admitted. */
  readonly callerOf: (request: FastifyRequest) => RoleCaller;
}

interface RouteContext extends RoleCaller {
  readonly headers: IncomingHttpHeaders;
  /** For remote systems: an agent waits for the answer. */
  readonly call: RemoteCall;
}

type Handler<R extends Route> = (asked: RequestOf<R> & RouteContext) => Promise<ReplyOf<R>>;

/** The handlers of a part of the table, by the routes' names. */
export type RouteHandlers<Table extends Readonly<Record<string, Route>> = typeof ROUTES> = {
  readonly [Name in keyof Table]: Handler<Table[Name]>;
};

/** The handlers tie each request to its route; the loop over them cannot, after the schemas have checked it. */
type AnyHandler = (asked: object) => Promise<unknown>;

export function registerJsonRoutes(
  app: FastifyInstance,
  { requireRole, callerOf }: RoleCheck,
  handlers: Partial<RouteHandlers>,
): void {
  for (const name of Object.keys(handlers) as RouteName[]) {
    const route: Route = ROUTES[name];
    const handle = handlers[name] as AnyHandler;
    app.route({
      method: route.method,
      url: route.path,
      schema: toRouteSchema(name, route),
      ...(route.bodyBytes !== undefined && { bodyLimit: route.bodyBytes }),
      onRequest: requireRole(route.role, route.scope ?? "admin"),
      handler: async (request, reply) => {
        const { params, query, body, headers, id: requestId } = request;
        const deadline = createDeadline(route.budgetMs);
        try {
          const call: RemoteCall = { deadline, requestId, priority: "agent" };
          const asked = { ...callerOf(request), params, query, body, headers, call };
          const answer = await handle(asked);
          return await reply
            .code(successOf(route))
            .send(route.streams ? toStream(answer as TextStream, reply) : answer);
        } finally {
          deadline.clear();
        }
      },
    });
  }
}

/** What was sent is not held: the next part is made when the caller has taken the last one. */
function toStream({ type, parts }: TextStream, reply: FastifyReply): Readable {
  reply.type(type);
  return Readable.from(parts, { objectMode: false });
}
