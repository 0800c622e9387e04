/** Reports in log and metrics what could not be read of a conversation. */
import type { Log } from "#platform/log";
import type { Metrics } from "#platform/metrics/metrics";
import type { Conversation } from "#remotes/zendesk/reader";

/** Does nothing when everything was read. */
export type NoteReading = (
  conversation: Conversation,
  from: { readonly requestId: string; readonly log: Log },
) => void;

export function createNoteReading(
  metrics: Pick<Metrics, "countSkippedRows" | "countUnreadableConversation">,
): NoteReading {
  return ({ ticket, skipped, unreadable }, { requestId, log }) => {
    const about = { ticketId: ticket.id, requestId };
    if (skipped > 0) {
      metrics.countSkippedRows(skipped);
      log.warn({ ...about, skipped }, "parts of a conversation came in an unknown form");
    }
    if (unreadable !== undefined) {
      metrics.countUnreadableConversation();
      log.warn({ ...about, reason: unreadable }, "a conversation could not be read");
    }
  };
}
