/** The incremental ticket export by cursor: everything that changed since, in the order of change. */
import type { FastifyInstance } from "fastify";
import { toUnixSeconds } from "../clock.ts";
import { invalidAttribute, ZendeskRefusal } from "./errors.ts";
import type { TicketRecord } from "./model.ts";
import { parameter, type Query } from "./paging.ts";
import { presentExportedTicket } from "./present.ts";
import { endpointHeader, endpointLimitReached, type RateLimiter } from "./rate-limit.ts";
import {
  baseUrlOf,
  listUrlOf,
  peopleOf,
  queryOf,
  route,
  sideloadUsers,
  type RouteDeps,
} from "./route.ts";

const LARGEST_PAGE = 1_000;
/** The most recent minute is not exported yet. */
const HELD_BACK_SECONDS = 60;

/** The last row that the reader has: when it changed (Unix seconds), and its id. */
type Place = readonly [changed: number, id: number];

const writeCursor = ([changed, id]: Place) =>
  Buffer.from(`${changed}.0||${id}`).toString("base64url");

function readCursor(text: string): Place {
  const parts = /^(\d+)\.0\|\|(\d+)$/.exec(Buffer.from(text, "base64url").toString());
  if (!parts) throw invalidAttribute("cursor: not a cursor of this export");
  return [Number(parts[1]), Number(parts[2])];
}

function readStart(query: Query, nowSeconds: number): Place {
  const cursor = parameter(query, "cursor");
  if (cursor !== undefined) return readCursor(cursor);
  const text = parameter(query, "start_time") ?? "";
  if (!/^\d+$/.test(text)) throw invalidAttribute("start_time: expected Unix seconds");
  const start = Number(text);
  if (start > nowSeconds - HELD_BACK_SECONDS) {
    // That a fresh time is refused is documented; with which body is not.
    throw new ZendeskRefusal(422, {
      error: "StartTimeTooRecent",
      description: "start_time must be more than one minute in the past",
    });
  }
  // Before the first row of that second: ticket ids begin at 1.
  return [start, 0];
}

function readSize(query: Query): number {
  const size = Number(parameter(query, "per_page") ?? LARGEST_PAGE);
  if (!Number.isInteger(size) || size < 1) {
    throw invalidAttribute("per_page: expected a positive integer");
  }
  return Math.min(size, LARGEST_PAGE);
}

const isAfter = (ticket: TicketRecord, [changed, id]: Place) =>
  ticket.generated_timestamp > changed ||
  (ticket.generated_timestamp === changed && ticket.id > id);

interface ExportOptions {
  readonly limiter: RateLimiter;
  /** The limit, for the message of a refusal. */
  readonly perMinute: number;
  readonly lastCursor: "given" | "null";
}

export function incrementalRoutes(
  app: FastifyInstance,
  deps: RouteDeps,
  { limiter, perMinute, lastCursor }: ExportOptions,
): void {
  route(app, "GET", "/incremental/tickets/cursor", (request, reply) => {
    deps.access.administrator(request.headers, "tickets");
    const usage = limiter.take("account");
    if (!usage) {
      const wait = limiter.retryAfter();
      const what = "incremental export API requests per minute";
      throw endpointLimitReached("incremental-exports", what, perMinute, wait);
    }
    void reply.headers(endpointHeader("incremental-exports", usage));

    const query = queryOf(request);
    const nowSeconds = toUnixSeconds(deps.now());
    const start = readStart(query, nowSeconds);
    const size = readSize(query);
    const waiting = deps.store
      .tickets()
      .filter((ticket) => ticket.generated_timestamp <= nowSeconds - HELD_BACK_SECONDS)
      .filter((ticket) => isAfter(ticket, start))
      .toSorted((a, b) => a.generated_timestamp - b.generated_timestamp || a.id - b.id);
    const rows = waiting.slice(0, size);
    const last = rows.at(-1);
    const end_of_stream = waiting.length <= size;
    const after_cursor =
      end_of_stream && lastCursor === "null"
        ? null
        : writeCursor(last ? [last.generated_timestamp, last.id] : start);
    return {
      tickets: rows.map((ticket) => presentExportedTicket(ticket, baseUrlOf(request))),
      ...sideloadUsers(deps, request, rows.flatMap(peopleOf)),
      after_cursor,
      after_url: after_cursor && `${listUrlOf(request)}?cursor=${after_cursor}`,
      before_cursor: null,
      before_url: null,
      end_of_stream,
    };
  });
}
