/** What the routes share: paths with and without `.json`, ids, addresses, sideloaded people. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Access } from "./access.ts";
import { invalidAttribute, recordNotFound } from "./errors.ts";
import type { Jobs } from "./jobs.ts";
import type { TicketRecord, UserRecord } from "./model.ts";
import { pageThrough, parameter, type Query } from "./paging.ts";
import { type FileAddress, presentUser } from "./present.ts";
import type { ZendeskStore } from "./store-contract.ts";
import type { ZendeskSwitches } from "./switches.ts";

/** What every group of routes is made with. */
export interface RouteDeps {
  readonly store: ZendeskStore;
  readonly access: Access;
  readonly now: () => Date;
  readonly switches: ZendeskSwitches;
  /** The address of a file as comments give it. */
  readonly addressOf: FileAddress;
  readonly jobs: Jobs;
}

export type Handler = (request: FastifyRequest, reply: FastifyReply) => object | string | null;

/** Serves `/api/v2<path>` with and without `.json`. */
export function route(
  app: FastifyInstance,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  handler: Handler,
): void {
  const url = `/api/v2${path}`;
  // An id at the end takes `.json` in with it; `readId` knows.
  const urls = /:\w+$/.test(url) ? [url] : [url, `${url}.json`];
  for (const one of urls) {
    app.route({ method, url: one, handler: async (request, reply) => handler(request, reply) });
  }
}

/** Clients say that a body is JSON also where they send none. */
export function acceptEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null);
    else void parse(request, body as string, done);
  });
}

/** An id in the path. Anything but digits is a record that does not exist. */
export function readId(request: FastifyRequest, name = "id"): number {
  const { [name]: id = "" } = request.params as Readonly<Record<string, string | undefined>>;
  const digits = /^(\d{1,16})(?:\.json)?$/.exec(id)?.[1];
  if (digits === undefined) throw recordNotFound();
  return Number(digits);
}

export function queryOf(request: FastifyRequest): Query {
  return request.query as Query;
}

/** The address by which the caller reached the account. */
export function baseUrlOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/** The request's address without the query. */
export function listUrlOf(request: FastifyRequest): string {
  return baseUrlOf(request) + (request.url.split("?", 1)[0] ?? "");
}

const LARGEST_SHOW_MANY = 100;

/** The ids of a `show_many`: comma-separated, at most 100. */
export function readIds(request: FastifyRequest): number[] {
  const ids = (parameter(queryOf(request), "ids") ?? "")
    .split(",")
    .filter((id) => id.trim() !== "");
  if (ids.length === 0 || ids.length > LARGEST_SHOW_MANY) {
    throw invalidAttribute(`ids: expected 1 to ${LARGEST_SHOW_MANY} comma-separated ids`);
  }
  return ids.map(Number);
}

/** The person whom the path names, deleted or not; of one who is deleted for good, a switch says whether a row is left. */
export function findUser({ store, switches }: RouteDeps, request: FastifyRequest): UserRecord {
  const user = store.user(readId(request));
  if (!user || (user.erased && !switches.showErasedUsers)) throw recordNotFound();
  return user;
}

/** The ticket that the path names. */
export function findTicket(deps: RouteDeps, request: FastifyRequest): TicketRecord {
  const ticket = deps.store.ticket(readId(request));
  if (!ticket || deps.store.isHidden(ticket.id, deps.switches.hiddenReads)) throw recordNotFound();
  return ticket;
}

/** Searches name the type around what comes with it: `tickets(users,organizations)`. */
const withoutType = (include: string) => include.replace(/^\w+\((.*)\)$/, "$1");

/** Whether `include` asks for this. */
export function includes(request: FastifyRequest, name: string): boolean {
  return withoutType(parameter(queryOf(request), "include") ?? "")
    .split(",")
    .includes(name);
}

/** The sideloaded `users` of an answer, when it was asked for with `include=users`; each once. */
export function sideloadUsers(
  deps: RouteDeps,
  request: FastifyRequest,
  ids: readonly (number | null)[],
): { users?: object[] } {
  if (!includes(request, "users")) return {};
  const found = [...new Set(ids)]
    .map((id) => deps.store.user(id ?? 0))
    .filter((user): user is UserRecord => user !== undefined);
  return { users: found.map((user) => presentUser(user, baseUrlOf(request))) };
}

/** Everybody whom a ticket names. */
export function peopleOf(ticket: TicketRecord): (number | null)[] {
  return [ticket.requester_id, ticket.submitter_id, ticket.assignee_id];
}

/** The page of a list that is sorted by id, in either style. */
export function pageById<T extends { readonly id: number }>(
  request: FastifyRequest,
  items: readonly T[],
): ReturnType<typeof pageThrough<T>> {
  return pageThrough(items, {
    query: queryOf(request),
    url: listUrlOf(request),
    idOf: ({ id }) => id,
    sorts: { id: { keyOf: ({ id }) => id, styles: "both" } },
    defaultSort: "id",
  });
}
