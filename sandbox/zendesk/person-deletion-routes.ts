/** Deleting people: softly, then for good, and how far that is. Source: Zendesk API reference, "Users". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { toSecondPrecision } from "../clock.ts";
import { createEndpointLimit } from "./endpoint-limits.ts";
import { notAllowed, recordNotFound } from "./errors.ts";
import { answerJob } from "./job-routes.ts";
import type { UserRecord } from "./model.ts";
import { parameter } from "./paging.ts";
import { deletePerson, erasePerson } from "./person-erasure.ts";
import { presentUser } from "./present.ts";
import { presentDeletedUser } from "./present-people.ts";
import {
  pageById,
  baseUrlOf,
  findUser,
  queryOf,
  readId,
  readIds,
  route,
  type RouteDeps,
} from "./route.ts";

/** After how many seconds each product has forgotten a person; the products are examples of the reference. */
const APPLICATIONS = [
  { application: "support", started: 5, complete: 60 },
  { application: "chat", started: 10, complete: 600 },
] as const;

export function personDeletionRoutes(
  app: FastifyInstance,
  deps: RouteDeps,
  subdomain: string,
): void {
  const { access, jobs, now } = deps;
  const { people } = deps.store;
  const erasures = createEndpointLimit({
    name: "deleted-users-destroy",
    what: "permanent user deletion requests per 10 minutes",
    limit: () => 700,
    windowMs: 600_000,
    now,
  });

  function callerOf(request: FastifyRequest, user?: UserRecord): UserRecord {
    const caller = access.caller(request.headers, "write", "users");
    if (caller.role !== "admin" && user?.role !== "end-user") {
      throw notAllowed("You do not have access to this page");
    }
    return caller;
  }

  route(app, "DELETE", "/users/destroy_many", (request) => {
    callerOf(request);
    const ids = readIds(request);
    const removeOne = (id: number) => {
      const user = people.get(id);
      if (!user?.active) {
        return {
          action: "delete",
          id,
          success: false,
          error: "RecordNotFound",
          details: "Not found",
        };
      }
      deletePerson(deps, user);
      return { action: "delete", id, status: "Deleted", success: true };
    };
    return answerJob(
      jobs.start("Bulk Delete User", ids.length, () => ids.map(removeOne)),
      request,
    );
  });

  route(app, "DELETE", "/users/:id", (request) => {
    const user = findUser(deps, request);
    callerOf(request, user);
    if (!user.active) throw recordNotFound();
    return { user: presentUser(deletePerson(deps, user), baseUrlOf(request)) };
  });

  route(app, "GET", "/deleted_users", (request) => {
    access.caller(request.headers, "read", "users");
    const { rows, envelope } = pageById(request, people.deleted());
    const base = baseUrlOf(request);
    return { deleted_users: rows.map((user) => presentDeletedUser(user, base)), ...envelope };
  });

  route(app, "GET", "/deleted_users/count", (request) => {
    access.caller(request.headers, "read", "users");
    return {
      count: { value: people.deleted().length, refreshed_at: toSecondPrecision(now()) },
    };
  });

  /** Deleted, but not for good. */
  function findDeleted(request: FastifyRequest): UserRecord {
    const user = people.get(readId(request));
    if (!user || user.active || user.erased) throw recordNotFound();
    return user;
  }

  route(app, "GET", "/deleted_users/:id", (request) => {
    access.caller(request.headers, "read", "users");
    return { deleted_user: presentDeletedUser(findDeleted(request), baseUrlOf(request)) };
  });

  route(app, "DELETE", "/deleted_users/:id", (request, reply) => {
    const user = findDeleted(request);
    const caller = callerOf(request, user);
    erasures.count(reply);
    return {
      deleted_user: presentDeletedUser(erasePerson(deps, user, caller), baseUrlOf(request)),
    };
  });

  route(app, "GET", "/users/:id/compliance_deletion_statuses", (request) => {
    access.caller(request.headers, "read", "users");
    const user = people.get(readId(request));
    if (!user) throw recordNotFound();
    const rows = statusesOf(user, now());
    const wanted = parameter(queryOf(request), "application");
    const shown = rows.filter(({ application }) => !wanted || application === wanted);
    const page = pageById(
      request,
      shown.map((row, id) => ({ ...row, id })),
    );
    const present = ({ id: _place, ...row }: (typeof page.rows)[number]) => ({
      ...row,
      account_subdomain: subdomain,
    });
    return { compliance_deletion_statuses: page.rows.map(present), ...page.envelope };
  });
}

/** Empty for somebody who is not deleted for good. */
function statusesOf({ id: user_id, erased }: UserRecord, now: Date) {
  if (!erased) return [];
  const began = Date.parse(erased.at);
  const row = (action: string, application: string, seconds: number, executer: number | null) => ({
    action,
    application,
    executer_id: executer,
    user_id,
    created_at: toSecondPrecision(new Date(began + seconds * 1_000)),
  });
  return [
    row("request_deletion", "all", 0, erased.executer_id),
    ...APPLICATIONS.flatMap(({ application, started, complete }) => [
      row("started", application, started, null),
      row("complete", application, complete, null),
    ]),
  ].filter(({ created_at }) => created_at <= toSecondPrecision(now));
}
