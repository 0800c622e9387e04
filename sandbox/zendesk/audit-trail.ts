/** The audits of all tickets: those they had from the start, those made since, and how both follow their tickets. */
import { toUnixSeconds } from "../clock.ts";
import { auditsOfSeed } from "./audit.ts";
import type { Place } from "./change-order.ts";
import type { AuditRecord, TicketRecord, ZendeskData } from "./model.ts";
import { createRecordTable } from "./record-table.ts";

export interface AuditTrail {
  /** Of one ticket, oldest first. */
  of(ticketId: number): readonly AuditRecord[];
  /** Of all tickets after a place, in the order of their making. */
  after(place: Place): Iterable<AuditRecord>;
  record(audit: AuditRecord): void;
  /**
   * Audits hold comments: one that changed changes there too, one that is gone goes.
   * @param ticket as it is about to be kept
   */
  follow(ticket: TicketRecord): void;
}

/** The audit with its comment as the ticket has it now; of an erased ticket, nothing but that it was. */
function withCommentOf(ticket: TicketRecord, audit: AuditRecord): AuditRecord {
  const { comment: before, ...members } = audit;
  if (ticket.deletion?.erased) return { ...members, changes: [] };
  const comment = before && ticket.comments.find(({ id }) => id === before.id);
  return comment ? { ...members, comment } : members;
}

/** @param ticketOf the ticket as it is kept */
export function createAuditTrail(
  data: Pick<ZendeskData, "tickets" | "history">,
  ticketOf: (id: number) => TicketRecord | undefined,
): AuditTrail {
  const recorded = new Map<number, readonly AuditRecord[]>();
  const stream = createRecordTable<AuditRecord>({
    records: data.tickets.flatMap((ticket) => auditsOfSeed(ticket, [])),
    history: data.history?.audits,
    changedOf: ({ created_at }) => toUnixSeconds(new Date(created_at)),
  });

  function of(ticketId: number): readonly AuditRecord[] {
    const made = recorded.get(ticketId) ?? [];
    const ticket = ticketOf(ticketId);
    return [...(ticket ? auditsOfSeed(ticket, made) : []), ...made];
  }

  return {
    of,
    after: (place) => stream.changedAfter(place),
    record(audit) {
      stream.set(audit);
      recorded.set(audit.ticket_id, [...(recorded.get(audit.ticket_id) ?? []), audit]);
    },
    follow(ticket) {
      const { id, deletion } = ticket;
      if (ticketOf(id)?.comments !== ticket.comments) {
        const now = of(id).map((audit) => withCommentOf(ticket, audit));
        for (const audit of now) stream.set(audit);
        recorded.set(id, now);
      }
      if (deletion?.erased) recorded.delete(id);
    },
  };
}
