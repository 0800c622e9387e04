/** Notifies a ticket's agents once, by a tag, or by a private comment after a search for an earlier one. */
import {
  ANNOTATION_TAGS,
  type AnnotateTicketReply,
  type AnnotateTicketRequest,
} from "#contract/actions/annotate-ticket";
import { AppError } from "#platform/errors";
import type { WriteContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskWritten } from "#remotes/zendesk/client";
import type { FindNote } from "#remotes/zendesk/comment-search";
import { isFresh } from "#remotes/zendesk/fresh-event";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import type { ZendeskWriter } from "#remotes/zendesk/writer";
import { noteReference, noteText } from "./note.ts";

interface AnnotateDeps {
  readonly reader: Pick<ZendeskReader, "ticket">;
  readonly writer: ZendeskWriter;
  readonly findNote: FindNote;
  readonly now: () => Date;
}

type AnnotateContext = Pick<WriteContext, "account" | "idempotencyKey"> & RemoteCall;
type Outcome = AnnotateTicketReply["outcome"];

/** Zendesk has been seen to hide a new ticket for seconds; a flow's own pauses are 2, 8 and 20 s. */
const NEW_TICKET_SECONDS = 5;
/** How often it looks and tries; a ticket that changes every time is too busy to write on now. */
const MOST_TRIES = 5;

/**
 * Does all the work before the record is completed: if the process dies in between, the next attempt finds the first one's
 * note. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE; the latter also when the event is fresh and Zendesk does not show its
 * ticket yet.
 */
export async function annotateTicket(
  deps: AnnotateDeps,
  request: AnnotateTicketRequest,
  context: AnnotateContext,
): Promise<Work<AnnotateTicketReply>> {
  const ticketId = String(request.ticket_id);
  const outcome =
    request.telling === "tag"
      ? OUTCOMES[await deps.writer.addTags(ticketId, [ANNOTATION_TAGS[request.reason]], context)]
      : await writeNote(deps, ticketId, request, context);
  const answer = { outcome, ticket_id: ticketId };
  if (outcome !== "ticket_not_found" || !isFresh(request.occurred_at, deps.now()))
    return { answer };
  // A caller that does not say when the event happened gets the present state.
  if (!request.occurred_at) return { answer, isFinal: false };
  throw new AppError("ZENDESK_UNAVAILABLE", `Zendesk does not show ticket ${ticketId} yet`, {
    retryAfterSeconds: NEW_TICKET_SECONDS,
  });
}

const OUTCOMES: Record<Exclude<ZendeskWritten, "conflict">, Outcome> = {
  written: "annotated",
  not_found: "ticket_not_found",
  closed: "ticket_closed",
  requester_suspended: "requester_suspended",
  too_many_comments: "too_many_comments",
};

/**
 * The ticket's state is read before its comments, and the note is sent for that state only: if
 * Zendesk applies an earlier attempt's note after we looked, the ticket has changed, ours is refused, and we look again.
 */
async function writeNote(
  { reader, writer, findNote }: AnnotateDeps,
  ticketId: string,
  request: AnnotateTicketRequest,
  { account, idempotencyKey: key, requestId, deadline, priority }: AnnotateContext,
): Promise<Outcome> {
  const call: RemoteCall = { requestId, deadline, priority };
  const reference = noteReference({ account, operation: "annotate-ticket", key });
  const text = noteText(request, reference);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const seen = await reader.ticket(ticketId, call);
    const isThere = seen && (await findNote(ticketId, reference, call));
    if (!seen || isThere === undefined) return "ticket_not_found";
    if (isThere) return "already_there";
    const note = { text, seenAt: seen.ticket.updatedAt };
    const written = await writer.addNote(ticketId, note, call);
    if (written !== "conflict") return OUTCOMES[written];
  }
  throw new AppError("ZENDESK_UNAVAILABLE", `ticket ${ticketId} changed before every note to it`);
}
