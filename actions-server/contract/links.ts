/** Names of the ZIS Links that join tickets and cases. */

export const TICKET_CASE_LINK = "ticket_case";

/** `zendesk:ticket:<id>`, the left object of a ticket_case link. */
export function ticketLinkName<const Id extends string>(ticketId: Id): `zendesk:ticket:${Id}` {
  return `zendesk:ticket:${ticketId}`;
}

/** `salesforce:case:<18-character id>`, the right object of a ticket_case link. */
export function caseLinkName<const Id extends string>(caseId: Id): `salesforce:case:${Id}` {
  return `salesforce:case:${caseId}`;
}
