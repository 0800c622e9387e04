/** Reading and changing who is in which group, by three paths. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { notAllowed, recordNotFound } from "./errors.ts";
import { answerJob } from "./job-routes.ts";
import type { Memberships } from "./memberships.ts";
import type { MembershipRecord } from "./model.ts";
import { presentMembership } from "./present-people.ts";
import { pageById, baseUrlOf, readId, readIds, route, type RouteDeps } from "./route.ts";
import type { Actor } from "./store-contract.ts";
import { memberOf } from "./ticket-input.ts";

export function membershipRoutes(
  app: FastifyInstance,
  { access, jobs }: RouteDeps,
  memberships: Memberships,
): void {
  function administrator(request: FastifyRequest): Actor {
    const author = access.caller(request.headers, "write", "groups");
    if (author.role !== "admin") throw notAllowed("You do not have access to this page");
    return { author, channel: "api" };
  }

  function answerList(request: FastifyRequest, rows: readonly MembershipRecord[]): object {
    access.caller(request.headers, "read", "groups");
    const page = pageById(request, rows);
    const base = baseUrlOf(request);
    return {
      group_memberships: page.rows.map((row) => presentMembership(row, base)),
      ...page.envelope,
    };
  }

  const answer = (membership: MembershipRecord, request: FastifyRequest) => ({
    group_membership: presentMembership(membership, baseUrlOf(request)),
  });

  /** Under a person's path, a membership of somebody else is not there. */
  function find(request: FastifyRequest): MembershipRecord {
    const membership = memberships.get(readId(request, "membership"));
    const { id } = request.params as { readonly id?: string };
    if (!membership || (id !== undefined && membership.user_id !== readId(request))) {
      throw recordNotFound();
    }
    return membership;
  }

  route(app, "GET", "/group_memberships", (request) => answerList(request, memberships.list()));
  route(app, "GET", "/group_memberships/assignable", (request) =>
    answerList(request, memberships.list()),
  );
  route(app, "GET", "/groups/:id/memberships", (request) =>
    answerList(request, memberships.list({ groupId: readId(request) })),
  );
  route(app, "GET", "/groups/:id/memberships/assignable", (request) =>
    answerList(request, memberships.list({ groupId: readId(request) })),
  );
  route(app, "GET", "/users/:id/group_memberships", (request) =>
    answerList(request, memberships.list({ userId: readId(request) })),
  );

  route(app, "DELETE", "/group_memberships/destroy_many", (request) => {
    const actor = administrator(request);
    const ids = readIds(request);
    const removeOne = (id: number) => {
      const membership = memberships.get(id);
      if (membership) memberships.remove(membership, actor);
      return membership
        ? { action: "delete", id, status: "Deleted", success: true }
        : { action: "delete", id, success: false, error: "RecordNotFound", details: "Not found" };
    };
    return answerJob(
      jobs.start("Group Membership Bulk Delete", ids.length, () => ids.map(removeOne)),
      request,
    );
  });

  for (const path of ["/group_memberships", "/users/:id/group_memberships"]) {
    route(app, "POST", path, (request, reply) => {
      administrator(request);
      const body = memberOf(request.body, "group_membership");
      const userId = path.startsWith("/users") ? readId(request) : Number(body["user_id"]);
      const made = memberships.add(userId, Number(body["group_id"]), body["default"] === true);
      void reply.code(201);
      return answer(made, request);
    });
    route(app, "GET", `${path}/:membership`, (request) => {
      access.caller(request.headers, "read", "groups");
      return answer(find(request), request);
    });
    route(app, "DELETE", `${path}/:membership`, (request, reply) => {
      const actor = administrator(request);
      memberships.remove(find(request), actor);
      void reply.code(204);
      return null;
    });
  }

  route(app, "PUT", "/users/:id/group_memberships/:membership/make_default", (request) => {
    access.caller(request.headers, "write", "groups");
    memberships.makeDefault(find(request));
    return answerList(request, memberships.list({ userId: readId(request) }));
  });
}
