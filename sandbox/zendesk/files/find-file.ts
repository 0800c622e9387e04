/** Finds a file by the token of its address: in an account that is calculated by the ticket that the token names. */
import type { AttachmentRecord, TicketRecord } from "../model.ts";
import type { ZendeskStore } from "../store-contract.ts";

const fileIn = (ticket: TicketRecord | undefined, token: string) =>
  ticket?.comments.flatMap(({ attachments }) => attachments).find((file) => file.token === token);

/** Undefined for a token of no file, of a file that was redacted, and of one on a ticket that is deleted. */
export function findFile(store: ZendeskStore, token: string): AttachmentRecord | undefined {
  const { history } = store;
  const named = history?.ticketOfToken(token);
  if (named !== undefined) return fileIn(store.ticket(named), token);
  // Those that are held are few.
  for (const ticket of store.tickets(history?.lastTicketId ?? 0)) {
    const file = fileIn(ticket, token);
    if (file) return file;
  }
  return undefined;
}
