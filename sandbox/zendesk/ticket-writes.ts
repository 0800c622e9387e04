/** Writing tickets: create (with idempotency keys) and update (with safe updates). */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject } from "#zis/model/json";
import type { TicketChange } from "./change.ts";
import { recordInvalid } from "./errors.ts";
import type { IdempotencyKeys } from "./idempotency-keys.ts";
import type { TicketRecord, UserRecord } from "./model.ts";
import { presentAudit, presentTicket } from "./present.ts";
import { baseUrlOf, findTicket, route, type RouteDeps } from "./route.ts";
import type { Written } from "./store-contract.ts";
import { memberOf, readAuthor, readChange } from "./ticket-input.ts";
import type { UpdateLimits } from "./update-limits.ts";
import { checkWritable } from "./writable.ts";

/** Comments that a ticket can hold. */
const MOST_COMMENTS = 5_000;

function present({ ticket, audit }: Written, request: FastifyRequest): object {
  const baseUrl = baseUrlOf(request);
  return { ticket: presentTicket(ticket, baseUrl), audit: presentAudit(audit, baseUrl) };
}

function checkUpdate(ticket: TicketRecord, change: TicketChange): void {
  if (change.comment && ticket.comments.length >= MOST_COMMENTS) {
    throw recordInvalid("base", `A ticket can have at most ${MOST_COMMENTS} comments`);
  }
  // A ticket is new only once; the wording of the refusal is inferred.
  if (change.status === "new" && ticket.status !== "new") {
    throw recordInvalid("status", "Status: cannot go back to new");
  }
}

export function ticketWrites(
  app: FastifyInstance,
  deps: RouteDeps,
  keys: IdempotencyKeys,
  limits: UpdateLimits,
): void {
  const { store, access } = deps;

  function requesterOf(body: JsonObject, caller: UserRecord): UserRecord {
    const requester = body["requester"];
    if (!isJsonObject(requester)) return store.user(Number(body["requester_id"])) ?? caller;
    const { email, name } = requester;
    if (typeof email !== "string" || !/^\S+@\S+$/.test(email)) {
      throw recordInvalid("requester", "Requester: Email is not properly formatted");
    }
    const known = store.people.byEmail(email);
    if (known) return known;
    if (typeof name !== "string" || name.trim() === "") {
      throw recordInvalid("requester", "Requester: Name is too short");
    }
    return store.people.add({ name, email });
  }

  function create(body: JsonObject, caller: UserRecord): Written {
    const { comment, custom_fields = [], ...members } = readChange(body, store);
    if (!comment) throw recordInvalid("description", "Description: cannot be blank", "BlankValue");
    const author = readAuthor(body["comment"], store) ?? caller;
    const requester = requesterOf(body, caller);
    const [brand] = store.data.brands;
    const removable = store.data.ticketFields.filter((field) => field.removable);
    const given = new Map(custom_fields.map(({ id, value }) => [id, value]));
    return store.create(
      {
        subject: comment.body.slice(0, 150),
        external_id: null,
        type: null,
        priority: null,
        status: "new",
        assignee_id: null,
        group_id: null,
        tags: [],
        ...members,
        requester_id: requester.id,
        submitter_id: author.id,
        organization_id: members.organization_id ?? requester.organization_id,
        brand_id: members.brand_id ?? brand?.id ?? 0,
        ticket_form_id: members.ticket_form_id ?? store.data.ticketForms[0]?.id ?? 0,
        custom_fields: removable.map(({ id }) => ({ id, value: given.get(id) ?? null })),
      },
      comment,
      { author, channel: "api" },
    );
  }

  route(app, "POST", "/tickets", (request, reply) => {
    const caller = access.caller(request.headers, "write", "tickets");
    const body = memberOf(request.body, "ticket");
    const key = request.headers["idempotency-key"];
    const { answer, lookup } = keys.once(typeof key === "string" ? key : undefined, body, () =>
      present(create(body, caller), request),
    );
    if (lookup) void reply.header("x-idempotency-lookup", lookup);
    const { ticket } = answer as { readonly ticket: { readonly url: string } };
    void reply.code(201).header("location", ticket.url);
    return answer;
  });

  route(app, "PUT", "/tickets/:id", (request, reply) => {
    const caller = access.caller(request.headers, "write", "tickets");
    const ticket = findTicket(deps, request);
    limits.count(ticket.id, caller, reply);
    const body = memberOf(request.body, "ticket");
    checkWritable(deps, ticket, body);
    const change = readChange(body, store);
    checkUpdate(ticket, change);
    const author = readAuthor(body["comment"], store) ?? caller;
    return present(store.update(ticket, change, { author, channel: "api" }), request);
  });
}
