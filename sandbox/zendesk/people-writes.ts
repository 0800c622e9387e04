/** Making, changing and merging people. Source: Zendesk API reference, "Users". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject } from "#zis/model/json";
import { notAllowed, recordInvalid, recordNotFound } from "./errors.ts";
import type { Memberships } from "./memberships.ts";
import type { UserRecord } from "./model.ts";
import type { PersonLimits } from "./person-limits.ts";
import { readAddress, readPerson } from "./person-input.ts";
import { draftIdentity } from "./person-events.ts";
import { mergePeople } from "./person-merge.ts";
import { presentUser } from "./present.ts";
import { baseUrlOf, findUser, route, type RouteDeps } from "./route.ts";
import { memberOf } from "./ticket-input.ts";

export function peopleWrites(
  app: FastifyInstance,
  deps: RouteDeps,
  memberships: Memberships,
  limits: PersonLimits,
): void {
  const { store, access } = deps;
  const { people } = store;

  const answer = (user: UserRecord, request: FastifyRequest) => ({
    user: presentUser(user, baseUrlOf(request)),
  });

  /** Agents look after end users; team members are the administrators' business. */
  function checkRank(caller: UserRecord, ...roles: (UserRecord["role"] | undefined)[]): void {
    const mayOnlyEndUsers = caller.role !== "admin";
    if (mayOnlyEndUsers && roles.some((role) => role !== undefined && role !== "end-user")) {
      throw notAllowed("You do not have access to this page");
    }
  }

  function checkFree(email: string | undefined, user?: UserRecord): void {
    const owner = email === undefined ? undefined : people.byEmail(email);
    if (!owner || owner.id === user?.id) return;
    throw recordInvalid(
      "email",
      `Email: ${email} is already being used by another user`,
      "DuplicateValue",
    );
  }

  function create(body: JsonObject, caller: UserRecord): UserRecord {
    const members = readPerson(body);
    const email = readAddress(body);
    checkRank(caller, members.role);
    checkFree(email);
    const { name } = members;
    if (name === undefined) throw recordInvalid("name", "Name: is too short", "BlankValue");
    return people.add({ ...members, name, email: email ?? null });
  }

  /** A new address becomes a further one of the person's; it does not replace the first. */
  function change(user: UserRecord, body: JsonObject, caller: UserRecord): UserRecord {
    const members = readPerson(body);
    const email = readAddress(body);
    checkRank(caller, user.role, members.role);
    checkFree(email, user);
    const left = members.role === "end-user" && user.role !== "end-user";
    if (left) memberships.removeAll(user, { author: caller, channel: "api" });
    let changed = people.change(people.get(user.id) ?? user, members);
    const known = people.identities(user.id).map(({ value }) => value.toLowerCase());
    if (email !== undefined && !known.includes(email.toLowerCase())) {
      const made = people.newIdentity(user, "email", email);
      const identity = { ...made, primary: user.email === null };
      changed = people.setIdentities(
        changed,
        [...people.identities(user.id), identity],
        [draftIdentity("Created", identity)],
      );
    }
    return changed;
  }

  route(app, "POST", "/users", (request, reply) => {
    const caller = access.caller(request.headers, "write", "users");
    const user = create(memberOf(request.body, "user"), caller);
    const answered = answer(user, request);
    void reply.code(201).header("location", `${baseUrlOf(request)}/api/v2/users/${user.id}.json`);
    return answered;
  });

  route(app, "POST", "/users/create_or_update", (request, reply) => {
    const caller = access.caller(request.headers, "write", "users");
    const body = memberOf(request.body, "user");
    const { external_id } = body;
    const known =
      people.byEmail(readAddress(body) ?? "") ??
      (typeof external_id === "string" ? people.byExternalId(external_id) : undefined);
    if (!known) {
      void reply.code(201);
      return answer(create(body, caller), request);
    }
    limits.count(known);
    return answer(change(known, body, caller), request);
  });

  route(app, "PUT", "/users/:id", (request) => {
    const caller = access.caller(request.headers, "write", "users");
    const user = findUser(deps, request);
    limits.count(user);
    if (!user.active) throw recordNotFound();
    return answer(change(user, memberOf(request.body, "user"), caller), request);
  });

  // The person of the path goes, the one of the body stays and is the answer.
  route(app, "PUT", "/users/:id/merge", (request) => {
    access.caller(request.headers, "write", "users");
    const loser = findUser(deps, request);
    const { body } = request;
    const named = isJsonObject(body) && isJsonObject(body["user"]) ? body["user"] : {};
    const winner = people.get(Number(named["id"])) ?? people.byEmail(readAddress(named) ?? "");
    if (!winner) throw recordNotFound();
    return answer(mergePeople(deps, loser, winner), request);
  });
}
