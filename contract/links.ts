/** Names and metadata of the ZIS Links that join tickets and cases, written and read. */

export const TICKET_CASE_LINK = "ticket_case";

const TICKET_PREFIX = "zendesk:ticket:";
const CASE_PREFIX = "salesforce:case:";

/** `zendesk:ticket:<id>`, the left object of a ticket_case link. */
export function ticketLinkName<const Id extends string>(ticketId: Id): `zendesk:ticket:${Id}` {
  return `${TICKET_PREFIX}${ticketId}`;
}

/** `salesforce:case:<18-character id>`, the right object of a ticket_case link. */
export function caseLinkName<const Id extends string>(caseId: Id): `salesforce:case:${Id}` {
  return `${CASE_PREFIX}${caseId}`;
}

/** The ticket id of a left object's name, or undefined when the name is not one of ours. */
export function parseTicketLinkName(name: string): string | undefined {
  return new RegExp(`^${TICKET_PREFIX}([1-9][0-9]{0,18})$`).exec(name)?.[1];
}

/**
 * The 18-character case id of a right object's name, or undefined when the name is not one of ours. An id of
 * 15 characters, which people copy from addresses, gets its three check characters; 18 characters whose check
 * characters do not fit are not an id.
 */
export function parseCaseLinkName(name: string): string | undefined {
  const id = name.startsWith(CASE_PREFIX) ? name.slice(CASE_PREFIX.length) : "";
  if (!/^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(id)) return undefined;
  const whole = toCaseId18(id.slice(0, 15));
  return whole.startsWith(id) ? whole : undefined;
}

const CHECK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/**
 * A Salesforce id in its 18-character form: each check character says which of five characters are upper
 * case, so that ids that differ only in case stay apart where case is lost. 18 characters stay as they are.
 */
export function toCaseId18(id: string): string {
  if (id.length !== 15) return id;
  const checks = [0, 5, 10].map((start) => {
    const bits = id
      .slice(start, start + 5)
      .split("")
      .reduce((sum, character, index) => sum + (/[A-Z]/.test(character) ? 1 << index : 0), 0);
    return CHECK_ALPHABET[bits] ?? "";
  });
  return id + checks.join("");
}
