/** Reading how the account is set up: groups, ticket fields and forms, brands, organizations, and which tags there are. */
import type { FastifyInstance } from "fastify";
import type { Resource } from "./access.ts";
import { recordNotFound } from "./errors.ts";
import {
  presentBrand,
  presentGroup,
  presentOrganization,
  presentTicketField,
  presentTicketForm,
} from "./present.ts";
import { pageById, baseUrlOf, queryOf, readId, route, type RouteDeps } from "./route.ts";

interface Listed<T> {
  /** The path, and the name of the rows in the answer. */
  readonly plural: string;
  readonly singular: string;
  readonly resource: Resource;
  readonly items: readonly T[];
  readonly present: (item: T, baseUrl: string) => object;
}

/** Serves the list of one kind of record, and each record by its id. */
function serve<T extends { readonly id: number }>(
  app: FastifyInstance,
  deps: RouteDeps,
  listed: Listed<T>,
): void {
  const { plural, singular, resource, items, present } = listed;
  route(app, "GET", `/${plural}`, (request) => {
    deps.access.caller(request.headers, "read", resource);
    const { rows, envelope } = pageById(request, items);
    return { [plural]: rows.map((item) => present(item, baseUrlOf(request))), ...envelope };
  });
  route(app, "GET", `/${plural}/:id`, (request) => {
    deps.access.caller(request.headers, "read", resource);
    const id = readId(request);
    const item = items.find((candidate) => candidate.id === id);
    if (!item) throw recordNotFound();
    return { [singular]: present(item, baseUrlOf(request)) };
  });
}

export function accountRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { groups, ticketFields, ticketForms, brands, organizations } = deps.store.data;
  serve(app, deps, {
    plural: "groups",
    singular: "group",
    resource: "groups",
    items: groups,
    present: presentGroup,
  });
  serve(app, deps, {
    plural: "ticket_fields",
    singular: "ticket_field",
    resource: "tickets",
    items: ticketFields,
    present: presentTicketField,
  });
  serve(app, deps, {
    plural: "ticket_forms",
    singular: "ticket_form",
    resource: "tickets",
    items: ticketForms,
    present: presentTicketForm,
  });
  // Source: Zendesk API reference, Tags, "Search Tags": what begins with the name, from two letters on.
  route(app, "GET", "/autocomplete/tags", (request) => {
    deps.access.caller(request.headers, "read", "tickets");
    const name = String(queryOf(request)["name"] ?? "").toLowerCase();
    const tags = new Set([...deps.store.tickets()].flatMap((ticket) => ticket.tags));
    return {
      tags: name.length < 2 ? [] : [...tags].filter((tag) => tag.startsWith(name)).toSorted(),
    };
  });
  serve(app, deps, {
    plural: "brands",
    singular: "brand",
    resource: "brands",
    items: brands,
    present: presentBrand,
  });
  serve(app, deps, {
    plural: "organizations",
    singular: "organization",
    resource: "organizations",
    items: organizations,
    present: presentOrganization,
  });
}
