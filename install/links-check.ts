/** Whether a ticket and a case exist, before they are linked. */
import type { CaseReply } from "#contract/routes/cases";
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import { askServer } from "./ask-server.ts";
import type { StepContext } from "./context.ts";
import { InstallError } from "./install-error.ts";
import { text } from "./zis-api.ts";

/** The subject of a ticket; null: it does not exist, or is deleted. */
async function findTicketSubject(
  { callZendesk }: Pick<StepContext, "callZendesk">,
  ticketId: string,
): Promise<string | null> {
  const request = { method: "GET", path: `/api/v2/tickets/${ticketId}.json` } as const;
  const { status, body } = await ask(callZendesk, request, `look for ticket ${ticketId}`, [404]);
  const ticket = isJsonObject(body) ? body["ticket"] : undefined;
  return status === 404 || !isJsonObject(ticket) ? null : text(ticket, "subject");
}

/** A case as our server reads it from Salesforce; null: there is no such case that it may read. */
async function findCase(
  { callServer }: Pick<StepContext, "callServer">,
  caseId: string,
): Promise<CaseReply["case"]> {
  const question = { route: "case", params: { case_id: caseId } } as const;
  return (await askServer(callServer, `look for case ${caseId}`, question)).case;
}

/**
 * Checks that both exist.
 *
 * @param caseId of 18 characters
 * @throws InstallError naming the one that does not, or why it could not be looked up
 */
export async function requireTicketAndCase(
  context: Pick<StepContext, "callZendesk" | "callServer">,
  { ticketId, caseId }: { readonly ticketId: string; readonly caseId: string },
): Promise<void> {
  if ((await findTicketSubject(context, ticketId)) === null) {
    throw new InstallError(
      `There is no ticket ${ticketId} in this account.`,
      "Give the number at the end of the ticket's address.",
    );
  }
  if ((await findCase(context, caseId)) === null) {
    throw new InstallError(
      `Salesforce has no case ${caseId} that the server may read.`,
      "Give the id in the case's address, not its case number; if it is right, give the server's integration user access to the case.",
    );
  }
}
