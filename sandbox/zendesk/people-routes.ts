/** Reading people: one, many, oneself, by search. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { recordNotFound } from "./errors.ts";
import type { UserRecord } from "./model.ts";
import { pageThrough, parameter } from "./paging.ts";
import { presentUser } from "./present.ts";
import { baseUrlOf, listUrlOf, queryOf, readId, readIds, route, type RouteDeps } from "./route.ts";

/** What `/users/me` says to a stranger, with status 200. */
const ANONYMOUS = {
  user: {
    id: null,
    url: null,
    name: "Anonymous user",
    email: "invalid@example.com",
    role: "end-user",
    active: true,
    verified: false,
  },
};

/** The stand-in knows an address in full (`email:` before it or not) and any part of a name. */
function matches(user: UserRecord, query: string): boolean {
  const term = query
    .replace(/^email:/i, "")
    .replaceAll('"', "")
    .trim()
    .toLowerCase();
  if (term === "") return false;
  if (user.email?.toLowerCase() === term) return true;
  return !/^email:/i.test(query) && user.name.toLowerCase().includes(term);
}

export function peopleRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access } = deps;

  route(app, "GET", "/users/me", (request) => {
    const user = access.identity(request.headers);
    return user ? { user: presentUser(user, baseUrlOf(request)) } : ANONYMOUS;
  });

  route(app, "GET", "/users/show_many", (request) => {
    access.caller(request.headers, "read", "users");
    const users = readIds(request)
      .map((id) => store.user(id))
      .filter((user): user is UserRecord => user !== undefined);
    return {
      users: users.map((user) => presentUser(user, baseUrlOf(request))),
      next_page: null,
      previous_page: null,
      count: users.length,
    };
  });

  function listUsers(request: FastifyRequest, users: UserRecord[], styles: "offset" | "both") {
    const { rows, envelope } = pageThrough(users, {
      query: queryOf(request),
      url: listUrlOf(request),
      idOf: (user) => user.id,
      sorts: { id: { keyOf: (user) => user.id, styles } },
      defaultSort: "id",
    });
    return { users: rows.map((user) => presentUser(user, baseUrlOf(request))), ...envelope };
  }

  route(app, "GET", "/users/search", (request) => {
    access.caller(request.headers, "read", "users");
    const term = parameter(queryOf(request), "query") ?? "";
    const found = [...store.users()].filter((user) => matches(user, term));
    return listUsers(request, found, "offset");
  });

  route(app, "GET", "/users", (request) => {
    access.caller(request.headers, "read", "users");
    const query = queryOf(request);
    const roles = [query["role"] ?? [], query["role[]"] ?? []].flat();
    const users = [...store.users()].filter(
      (user) => roles.length === 0 || roles.includes(user.role),
    );
    return listUsers(request, users, "both");
  });

  route(app, "GET", "/users/:id", (request) => {
    access.caller(request.headers, "read", "users");
    const user = store.user(readId(request));
    if (!user) throw recordNotFound();
    return { user: presentUser(user, baseUrlOf(request)) };
  });
}
