/** What administrators do in the agent interface: the rarer changes of tickets and people. No API calls, so no limit applies. */
import type { Deletions } from "./deletions.ts";
import type { TicketRecord, UserRecord } from "./model.ts";
import { deletePerson, erasePerson } from "./person-erasure.ts";
import { mergePeople } from "./person-merge.ts";
import type { Redactions, Said } from "./redactions.ts";
import type { RouteDeps } from "./route.ts";
import type { Actor } from "./store-contract.ts";
import { mergeTickets } from "./ticket-merge.ts";

/** Every move throws when what it is about is unknown, or the move not allowed. Ids are decimal strings. */
export interface Administrators {
  deleteTicket(ticketId: string): void;
  restoreTicket(ticketId: string): void;
  /** For good; the ticket is deleted already. */
  eraseTicket(ticketId: string): void;
  markAsSpam(ticketId: string): void;
  /** Closes the source into the target. */
  mergeTickets(sourceId: string, targetId: string): void;
  redact(ticketId: string, commentId: string, text: string): void;
  redactFile(ticketId: string, commentId: string, attachmentId: string): void;
  makePrivate(ticketId: string, commentId: string): void;
  setRequester(ticketId: string, userId: string): void;
  changePerson(userId: string, change: Partial<UserRecord>): UserRecord;
  deletePerson(userId: string): void;
  /** For good; the person is deleted already. */
  erasePerson(userId: string): void;
  /** Gives one end user's tickets and addresses to another. */
  mergePeople(loserId: string, winnerId: string): void;
}

export function createAdministrators(
  deps: Pick<RouteDeps, "store" | "switches" | "now">,
  deletions: Deletions,
  redactions: Redactions,
): Administrators {
  const { store } = deps;

  function known<T>(found: T | undefined, what: string): T {
    if (found === undefined) throw new Error(`there is no ${what}`);
    return found;
  }
  const ticketOf = (id: string): TicketRecord => known(store.ticket(Number(id)), `ticket ${id}`);
  const deletedOf = (id: string): TicketRecord =>
    known(store.deletedTicket(Number(id)), `deleted ticket ${id}`);
  const userOf = (id: string): UserRecord => known(store.user(Number(id)), `user ${id}`);

  function saidOf(ticketId: string, commentId: string): Said {
    const ticket = ticketOf(ticketId);
    const comment = ticket.comments.find(({ id }) => id === Number(commentId));
    return { ticket, comment: known(comment, `comment ${commentId}`) };
  }

  function actor(): Actor {
    const author = store.people.staff().find(({ role }) => role === "admin");
    return { author: known(author, "administrator"), channel: "web" };
  }

  return {
    deleteTicket: (id) => deletions.delete(ticketOf(id), actor()),
    restoreTicket: (id) => deletions.restore(deletedOf(id), actor()),
    eraseTicket: (id) => deletions.erase(deletedOf(id), actor()),
    markAsSpam: (id) => deletions.markAsSpam(ticketOf(id), actor()),
    mergeTickets(sourceId, targetId) {
      const [source, target] = [ticketOf(sourceId), ticketOf(targetId)];
      const merge = {
        targetId: target.id,
        sourceIds: [source.id],
        onTarget: { body: `Request #${source.id} was closed and merged.`, public: false },
        onSource: { body: `This request was merged into #${target.id}.`, public: false },
      };
      const [row] = mergeTickets(store, merge, actor()) as { readonly success: boolean }[];
      if (!row?.success) throw new Error(`${sourceId} cannot be merged into ${targetId}`);
    },
    redact(ticketId, commentId, text) {
      known(redactions.text(saidOf(ticketId, commentId), text, actor()), "such text");
    },
    redactFile(ticketId, commentId, attachmentId) {
      const said = saidOf(ticketId, commentId);
      known(redactions.file(said, Number(attachmentId), actor()), `file ${attachmentId}`);
    },
    makePrivate(ticketId, commentId) {
      redactions.makePrivate(saidOf(ticketId, commentId), actor());
    },
    setRequester(ticketId, userId) {
      store.update(ticketOf(ticketId), { requester_id: userOf(userId).id }, actor());
    },
    changePerson: (userId, change) => store.people.change(userOf(userId), change),
    deletePerson(userId) {
      deletePerson(deps, userOf(userId));
    },
    erasePerson(userId) {
      const user = userOf(userId);
      if (user.active) throw new Error(`user ${userId} is not deleted`);
      erasePerson(deps, user, actor().author);
    },
    mergePeople(loserId, winnerId) {
      mergePeople(deps, userOf(loserId), userOf(winnerId));
    },
  };
}
