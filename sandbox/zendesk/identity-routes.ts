/** The addresses and numbers of a person. Source: Zendesk API reference, "User Identities". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalidAttribute, recordInvalid, recordNotFound } from "./errors.ts";
import type { IdentityRecord, UserRecord } from "./model.ts";
import { draftIdentity } from "./person-events.ts";
import { presentIdentity } from "./present-people.ts";
import { pageById, baseUrlOf, findUser, queryOf, readId, route, type RouteDeps } from "./route.ts";
import { memberOf } from "./ticket-input.ts";

const TYPES = new Set([
  "email",
  "twitter",
  "facebook",
  "google",
  "agent_forwarding",
  "phone_number",
]);

export function identityRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { access } = deps;
  const { people } = deps.store;

  function writable(request: FastifyRequest): UserRecord {
    access.caller(request.headers, "write", "users");
    const user = findUser(deps, request);
    if (!user.active) throw recordNotFound();
    return user;
  }

  function find(user: UserRecord, request: FastifyRequest): IdentityRecord {
    const id = readId(request, "identity");
    const identity = people.identities(user.id).find((candidate) => candidate.id === id);
    if (!identity) throw recordNotFound();
    return identity;
  }

  const answer = (identity: IdentityRecord, request: FastifyRequest) => ({
    identity: presentIdentity(identity, baseUrlOf(request)),
  });

  function list(request: FastifyRequest, user: UserRecord): object {
    const wanted = [queryOf(request)["type[]"] ?? []].flat();
    const all = people.identities(user.id);
    const { rows, envelope } = pageById(
      request,
      all.filter(({ type }) => wanted.length === 0 || wanted.includes(type)),
    );
    const base = baseUrlOf(request);
    return { identities: rows.map((identity) => presentIdentity(identity, base)), ...envelope };
  }

  function replace(user: UserRecord, changed: IdentityRecord): IdentityRecord {
    const all = people.identities(user.id);
    people.setIdentities(
      user,
      all.map((one) => (one.id === changed.id ? changed : one)),
      [draftIdentity("Changed", changed)],
    );
    return changed;
  }

  route(app, "GET", "/users/:id/identities", (request) => {
    access.caller(request.headers, "read", "users");
    return list(request, findUser(deps, request));
  });

  route(app, "GET", "/users/:id/identities/:identity", (request) => {
    access.caller(request.headers, "read", "users");
    return answer(find(findUser(deps, request), request), request);
  });

  route(app, "POST", "/users/:id/identities", (request, reply) => {
    const user = writable(request);
    const { type, value, primary, verified } = memberOf(request.body, "identity");
    if (typeof type !== "string" || !TYPES.has(type)) throw invalidAttribute("type: is unknown");
    if (typeof value !== "string" || value === "") throw invalidAttribute("value: is missing");
    if (type === "email" && people.byEmail(value)) {
      throw recordInvalid("value", `Email: ${value} is already being used`, "DuplicateValue");
    }
    const others = people.identities(user.id);
    const first = !others.some((other) => other.type === type);
    const identity: IdentityRecord = {
      ...people.newIdentity(user, type, value),
      primary: first || primary === true,
      verified: verified === true,
    };
    const kept = others.map((other) =>
      identity.primary && other.type === type ? { ...other, primary: false } : other,
    );
    people.setIdentities(user, [...kept, identity], [draftIdentity("Created", identity)]);
    void reply.code(201);
    return answer(identity, request);
  });

  route(app, "PUT", "/users/:id/identities/:identity", (request) => {
    const user = writable(request);
    const identity = find(user, request);
    const { value = identity.value, verified = identity.verified } = memberOf(
      request.body,
      "identity",
    );
    if (typeof value !== "string" || value === "") throw invalidAttribute("value: is missing");
    const changed = { ...identity, value, verified: verified === true || verified === "true" };
    return answer(replace(user, changed), request);
  });

  // The whole list is the answer.
  route(app, "PUT", "/users/:id/identities/:identity/make_primary", (request) => {
    const user = writable(request);
    const { id, type } = find(user, request);
    const all = people.identities(user.id);
    const changed = all.map((one) =>
      one.type === type ? { ...one, primary: one.id === id } : one,
    );
    const moved = changed.filter((one, at) => one.primary !== all[at]?.primary);
    people.setIdentities(
      user,
      changed,
      moved.map((one) => draftIdentity("Changed", one)),
    );
    return list(request, user);
  });

  route(app, "PUT", "/users/:id/identities/:identity/verify", (request) => {
    const user = writable(request);
    const verified = { ...find(user, request), verified: true };
    return answer(replace(user, verified), request);
  });

  route(app, "PUT", "/users/:id/identities/:identity/request_verification", (request) => {
    find(writable(request), request);
    return "";
  });

  route(app, "DELETE", "/users/:id/identities/:identity", (request, reply) => {
    const user = writable(request);
    const identity = find(user, request);
    const others = people.identities(user.id).filter(({ id }) => id !== identity.id);
    people.setIdentities(user, others, [draftIdentity("Deleted", identity)]);
    void reply.code(204);
    return null;
  });
}
