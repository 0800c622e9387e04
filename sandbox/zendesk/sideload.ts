/** The other records that come with tickets when `include` asks for them, each once. */
import type { FastifyRequest } from "fastify";
import type { TicketRecord } from "./model.ts";
import { presentGroup, presentOrganization } from "./present.ts";
import { baseUrlOf, includes, peopleOf, sideloadUsers, type RouteDeps } from "./route.ts";

/** Sideloads `users`, `groups` and `organizations` of tickets. `last_audits` is documented not to work on exports. */
export function sideload(
  deps: RouteDeps,
  request: FastifyRequest,
  tickets: readonly TicketRecord[],
): object {
  const { groups, organizations } = deps.store.data;
  const base = baseUrlOf(request);
  const groupIds = new Set(tickets.map(({ group_id }) => group_id));
  const organizationIds = new Set(tickets.map(({ organization_id }) => organization_id));
  return {
    ...sideloadUsers(deps, request, tickets.flatMap(peopleOf)),
    ...(includes(request, "groups") && {
      groups: groups.filter(({ id }) => groupIds.has(id)).map((group) => presentGroup(group, base)),
    }),
    ...(includes(request, "organizations") && {
      organizations: organizations
        .filter(({ id }) => organizationIds.has(id))
        .map((organization) => presentOrganization(organization, base)),
    }),
  };
}
