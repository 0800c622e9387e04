/** How the sample account is set up: its agents, groups, organizations, brand, form and fields; without tickets and customers. */
import type { ZendeskData } from "../zendesk/model.ts";
import type { Topic } from "./conversation-script.ts";
import { buildAgents, buildGroups, buildOrganizations } from "./people.ts";
import { buildTicketFields } from "./ticket-fields.ts";

export const BRAND_ID = 360_002_831_091;
export const TICKET_FORM_ID = 360_000_514_592;

/** The group that looks after a topic, by its place in the list of groups. */
export const GROUP_OF_TOPIC: Readonly<Record<Topic, number>> = {
  order: 0,
  billing: 1,
  delivery: 2,
  technical: 3,
};

/** @param createdAt when all of it was made, as Zendesk writes it */
export function buildAccountSetup(
  createdAt: string,
): Omit<ZendeskData, "tickets" | "endUsers" | "history"> {
  const groups = buildGroups(createdAt);
  return {
    groups,
    agents: buildAgents(groups, createdAt),
    organizations: buildOrganizations(createdAt),
    brands: [
      {
        id: BRAND_ID,
        name: "CaseQA Eats",
        subdomain: "caseqa",
        default: true,
        created_at: createdAt,
      },
    ],
    ticketFields: buildTicketFields(createdAt),
    ticketForms: [{ id: TICKET_FORM_ID, name: "Default ticket form", created_at: createdAt }],
  };
}
