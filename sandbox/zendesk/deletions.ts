/** Deleting tickets: softly, back again, and for good, when nothing but a scrubbed row of exports is left. */
import { toSecondPrecision } from "../clock.ts";
import type { Draft } from "./event-writer.ts";
import type { FieldValue, TicketRecord } from "./model.ts";
import type { Actor, ZendeskStore } from "./store-contract.ts";
import type { ZendeskSwitches } from "./switches.ts";

export interface Deletions {
  /** From then on only exports and the list of the deleted show it. */
  delete(ticket: TicketRecord, actor: Actor): void;
  restore(ticket: TicketRecord, actor: Actor): void;
  /** For good. */
  erase(ticket: TicketRecord, actor: Actor): void;
  /** Deletes it, and suspends its requester. */
  markAsSpam(ticket: TicketRecord, actor: Actor): void;
  /** Erases what was deleted thirty days ago; called before every request. */
  expire(): void;
}

const RESTORABLE_MS = 30 * 86_400_000;

/** None of these events has members of its own, which is inferred. */
const event = (tag: string, type: string): Draft => ({ tag: `ticket.${tag}`, type, detail: {} });
const DELETED = event("TicketSoftDeleted", "Ticket Soft Deleted");
const RESTORED = event("TicketUndeleted", "Ticket Undeleted");
const ERASED = event("TicketPermanentlyDeleted", "Ticket Permanently Deleted");
const SPAM = event("MarkedAsSpam", "Ticket Marked as Spam");

export function createDeletions(
  store: ZendeskStore,
  switches: ZendeskSwitches,
  now: () => Date,
): Deletions {
  function remove(ticket: TicketRecord, actor: Actor, events: readonly Draft[]): void {
    const deletion = {
      at: toSecondPrecision(now()),
      actor_id: actor.author.id,
      erased: false,
    };
    store.amend({ ...ticket, deletion }, { events }, actor);
  }

  function erase(ticket: TicketRecord, actor: Actor): void {
    store.amend(scrub(ticket, switches.scrubbedText), { events: [ERASED] }, actor);
  }

  return {
    delete(ticket, actor) {
      remove(ticket, actor, [DELETED]);
    },
    restore({ deletion: _deletion, ...ticket }, actor) {
      store.amend(ticket, { events: [RESTORED] }, actor);
    },
    erase,
    markAsSpam(ticket, actor) {
      remove(ticket, actor, switches.spamIsDeletion ? [SPAM, DELETED] : [SPAM]);
      const requester = store.user(ticket.requester_id);
      if (requester?.role === "end-user") store.people.change(requester, { suspended: true });
    },
    expire() {
      const before = toSecondPrecision(new Date(now().getTime() - RESTORABLE_MS));
      for (const ticket of store.deletedTickets()) {
        const author = store.user(ticket.deletion?.actor_id ?? 0);
        if (author && (ticket.deletion?.at ?? "") <= before) {
          erase(ticket, { author, channel: "system" });
        }
      }
    },
  };
}

/** The ticket without content: its texts say `text`, and of what has no text nothing stays but ids. */
function scrub(
  { chats: _chats, satisfaction: _rating, ...ticket }: TicketRecord,
  text: string,
): TicketRecord {
  const { deletion } = ticket;
  const scrubValue = (value: FieldValue) => (typeof value === "string" ? text : null);
  return {
    ...ticket,
    subject: text,
    external_id: null,
    tags: [],
    custom_fields: ticket.custom_fields.map(({ id, value }) => ({ id, value: scrubValue(value) })),
    comments: [],
    ...(deletion && { deletion: { ...deletion, erased: true } }),
  };
}
