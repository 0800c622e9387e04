/** How one export is served: by time, as a sample and, where it has them, by cursor. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toUnixSeconds } from "../../clock.ts";
import type { Resource } from "../access.ts";
import type { Place } from "../change-order.ts";
import { parameter } from "../paging.ts";
import type { EndpointLimit } from "../endpoint-limits.ts";
import { listUrlOf, queryOf, route, type RouteDeps } from "../route.ts";
import { heldBackUntil, readPlace, readSize, readStartTime, writeCursor } from "./export-input.ts";
import { pageByCursor, pageByTime, type Placed } from "./export-page.ts";

interface Exported<T> {
  /** The last part of the path, and the name of the rows in the answer. */
  readonly name: string;
  readonly resource: Resource;
  readonly holdsBack: boolean;
  /** Whether `/cursor` is served. */
  readonly byCursor: boolean;
  /** What follows a place, in order. */
  readonly after: (place: Place, request: FastifyRequest) => Iterable<Placed<T>>;
  readonly present: (row: T, request: FastifyRequest) => object;
  readonly sideload?: (rows: readonly T[], request: FastifyRequest) => object;
}

const SAMPLE_ROWS = 50;

export interface ExportOptions {
  readonly limit: EndpointLimit;
  readonly sampleLimit: EndpointLimit;
  readonly lastCursor: "given" | "null";
}

/** Serves `/incremental/<name>`, its sample and its cursor. */
export function serveExport<T>(
  app: FastifyInstance,
  deps: RouteDeps,
  exported: Exported<T>,
  options: ExportOptions,
): void {
  const { name } = exported;
  const until = () => (exported.holdsBack ? heldBackUntil(deps.now()) : toUnixSeconds(deps.now()));

  function enter(request: FastifyRequest, reply: FastifyReply, limit: EndpointLimit): void {
    deps.access.administrator(request.headers, exported.resource);
    limit.count(reply);
  }

  function written(rows: readonly T[], request: FastifyRequest): object {
    return {
      [name]: rows.map((row) => exported.present(row, request)),
      ...exported.sideload?.(rows, request),
    };
  }

  function byTime(request: FastifyRequest, most: number): object {
    const query = queryOf(request);
    const start = readStartTime(query, deps.now());
    const size = Math.min(readSize(query), most);
    const page = pageByTime(exported.after([start, 0], request), size, start, until());
    const end_time = page.last?.[0] ?? start;
    const next = new URLSearchParams({ start_time: String(end_time) });
    for (const kept of ["include", "per_page", "exclude_deleted", "support_type_scope"]) {
      const value = parameter(query, kept);
      if (value !== undefined) next.set(kept, value);
    }
    return {
      ...written(page.rows, request),
      count: page.rows.length,
      end_of_stream: page.endOfStream,
      end_time,
      next_page: `${listUrlOf(request)}?${next.toString()}`,
    };
  }

  route(app, "GET", `/incremental/${name}`, (request, reply) => {
    enter(request, reply, options.limit);
    return byTime(request, Number.POSITIVE_INFINITY);
  });

  route(app, "GET", `/incremental/${name}/sample`, (request, reply) => {
    enter(request, reply, options.sampleLimit);
    return byTime(request, SAMPLE_ROWS);
  });

  if (!exported.byCursor) return;
  route(app, "GET", `/incremental/${name}/cursor`, (request, reply) => {
    enter(request, reply, options.limit);
    const query = queryOf(request);
    const start = readPlace(query, deps.now());
    const page = pageByCursor(exported.after(start, request), readSize(query), until());
    const after_cursor =
      page.endOfStream && options.lastCursor === "null" ? null : writeCursor(page.last ?? start);
    const next = new URLSearchParams({ cursor: after_cursor ?? "" });
    for (const kept of ["include", "per_page", "exclude_deleted", "support_type_scope"]) {
      const value = parameter(query, kept);
      if (value !== undefined) next.set(kept, value);
    }
    return {
      ...written(page.rows, request),
      after_cursor,
      after_url: after_cursor && `${listUrlOf(request)}?${next.toString()}`,
      before_cursor: null,
      before_url: null,
      end_of_stream: page.endOfStream,
    };
  });
}
