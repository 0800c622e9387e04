/** Reading people: one, many, oneself, by search. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { toSecondPrecision } from "../clock.ts";
import type { UserRecord } from "./model.ts";
import { pageThrough, parameter, type Page } from "./paging.ts";
import { pageById } from "./paging-by-id.ts";
import { presentUser } from "./present.ts";
import {
  baseUrlOf,
  findUser,
  listUrlOf,
  queryOf,
  readIds,
  route,
  type RouteDeps,
} from "./route.ts";

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

  const optionsOf = (request: FastifyRequest, styles: "offset" | "both") => ({
    query: queryOf(request),
    url: listUrlOf(request),
    idOf: (user: UserRecord) => user.id,
    sorts: { id: { keyOf: (user: UserRecord) => user.id, styles } },
    defaultSort: "id",
  });

  function present(request: FastifyRequest, { rows, envelope }: Page<UserRecord>): object {
    return { users: rows.map((user) => presentUser(user, baseUrlOf(request))), ...envelope };
  }

  function rolesOf(request: FastifyRequest): readonly string[] {
    const query = queryOf(request);
    return [query["role"] ?? [], query["role[]"] ?? []].flat();
  }

  const staffById = () => store.people.staff().toSorted((a, b) => a.id - b.id);

  function* withRole(after: number, roles: readonly string[]): Iterable<UserRecord> {
    // Staff are known without reading everybody.
    const all = roles.length === 0 || roles.includes("end-user");
    for (const user of all ? store.users(after) : staffById()) {
      if (user.id > after && (roles.length === 0 || roles.includes(user.role))) yield user;
    }
  }

  function countWithRole(roles: readonly string[]): number {
    if (roles.length === 0) return store.userCount();
    const staff = store.people.staff();
    const wanted = staff.filter(({ role }) => roles.includes(role)).length;
    return wanted + (roles.includes("end-user") ? store.userCount() - staff.length : 0);
  }

  route(app, "GET", "/users/count", (request) => {
    access.caller(request.headers, "read", "users");
    const value = countWithRole(rolesOf(request));
    return { count: { value, refreshed_at: toSecondPrecision(deps.now()) } };
  });

  route(app, "GET", "/users/search", (request) => {
    access.caller(request.headers, "read", "users");
    const term = parameter(queryOf(request), "query") ?? "";
    const known = store.people.byEmail(
      term
        .replace(/^email:/i, "")
        .replaceAll('"', "")
        .trim(),
    );
    const found: UserRecord[] = known ? [known] : [];
    // An address in full belongs to one person; anything else is looked for in everybody.
    for (const user of known ? [] : store.users()) if (matches(user, term)) found.push(user);
    return present(request, pageThrough(found, optionsOf(request, "offset")));
  });

  route(app, "GET", "/users", (request) => {
    access.caller(request.headers, "read", "users");
    const roles = rolesOf(request);
    const list = {
      after: (id: number) => withRole(id, roles),
      count: () => countWithRole(roles),
    };
    return present(request, pageById(list, optionsOf(request, "both")));
  });

  route(app, "GET", "/users/:id", (request) => {
    access.caller(request.headers, "read", "users");
    return { user: presentUser(findUser(deps, request), baseUrlOf(request)) };
  });
}
