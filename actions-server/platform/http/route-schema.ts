/** What Fastify checks of a JSON route and /openapi.json says of it. */
import type { FastifySchema } from "fastify";
import type { RouteName } from "#contract/routes";
import type { Route } from "#contract/routes/route";
import type { ErrorCode } from "../errors.ts";
import { failureSchemas, QUOTA_HEADERS } from "./failure-schemas.ts";
import { SERVER_LIMITS } from "./limits.ts";
import type { OpenApiExtensions } from "./operation-schema.ts";

/** Of actions, of webhooks of Zendesk, and of the page that opens a session. */
const OF_OTHERS: ReadonlySet<ErrorCode> = new Set([
  "IDEMPOTENCY_KEY_MISSING",
  "IDEMPOTENCY_KEY_INVALID",
  "REQUEST_IN_PROGRESS",
  "WEBHOOK_UNTRUSTED",
  "WEBHOOK_REPLAYED",
  "SESSION_UNTRUSTED",
]);

const statusesOf = ({ replies }: Route) => Object.keys(replies).map(Number);

/** The one status of a route's success. */
export function successOf(route: Route): number {
  const status = statusesOf(route).find((one) => one < 300);
  if (status === undefined) throw new Error(`${route.path} has no success among its replies`);
  return status;
}

export function toRouteSchema(name: RouteName, route: Route): FastifySchema & OpenApiExtensions {
  const { summary, role, scope = "admin", params, query, body, bodyBytes, budgetMs } = route;
  const success = successOf(route);
  const failures = [403, ...statusesOf(route).filter((status) => status !== success)];
  return {
    operationId: name,
    summary,
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: {
      [success]: {
        description: "Done, or what was found.",
        ...successSchema(route, success),
        headers: QUOTA_HEADERS,
      },
      ...failureSchemas(failures, OF_OTHERS),
    },
    "x-role": role,
    "x-scope": scope,
    "x-budget-ms": budgetMs,
    ...(body && { "x-body-bytes": bodyBytes ?? SERVER_LIMITS.bodyBytes }),
  };
}

function successSchema({ streams, replies }: Route, success: number): object {
  const schema = replies[success] ?? {};
  if (!streams) return schema;
  return { content: Object.fromEntries(streams.map((type) => [type, { schema }])) };
}
