/** Two end users become one. Source: Zendesk API reference, "Merge End Users". */
import { generatedAt } from "./change.ts";
import { recordInvalid } from "./errors.ts";
import type { TicketRecord, UserRecord } from "./model.ts";
import { draftPerson } from "./person-events.ts";
import type { RouteDeps } from "./route.ts";

const MOST_TICKETS = 10_000;

/**
 * Gives the winner what the loser had: tickets, comments, addresses. Returns the winner.
 * That tickets change without an event, and so move one clock only, is inferred.
 * @throws ZendeskRefusal 422 when either is no end user, or the loser has too many tickets
 */
export function mergePeople(
  { store, now }: Pick<RouteDeps, "store" | "now">,
  loser: UserRecord,
  winner: UserRecord,
): UserRecord {
  const { people } = store;
  const refused = [loser, winner].some((user) => user.role !== "end-user" || !user.active);
  if (refused || loser.id === winner.id) throw recordInvalid("base", "Users cannot be merged");
  const theirs: TicketRecord[] = [];
  for (const ticket of store.tables.tickets.changedAfter([0, 0])) {
    if (names(ticket, loser.id)) theirs.push(ticket);
  }
  if (theirs.filter(({ requester_id }) => requester_id === loser.id).length > MOST_TICKETS) {
    throw recordInvalid("base", `Users with more than ${MOST_TICKETS} tickets cannot be merged`);
  }
  for (const ticket of theirs) {
    store.replace({
      ...renamed(ticket, loser.id, winner.id),
      generated_timestamp: generatedAt(ticket.id, now()),
    });
  }
  const addresses = people.identities(loser.id).map((identity) => ({
    ...identity,
    user_id: winner.id,
    primary: false,
  }));
  people.setIdentities(loser, [], []);
  people.change(people.get(loser.id) ?? loser, { active: false, merged_into: winner.id }, [
    draftPerson("UserMerged", "merged", "User Merged"),
  ]);
  return people.setIdentities(winner, [...people.identities(winner.id), ...addresses], []);
}

function names({ requester_id, submitter_id, comments }: TicketRecord, userId: number): boolean {
  return (
    requester_id === userId ||
    submitter_id === userId ||
    comments.some(({ author_id }) => author_id === userId)
  );
}

function renamed(ticket: TicketRecord, from: number, to: number): TicketRecord {
  const swap = (id: number) => (id === from ? to : id);
  return {
    ...ticket,
    requester_id: swap(ticket.requester_id),
    submitter_id: swap(ticket.submitter_id),
    comments: ticket.comments.map((comment) =>
      comment.author_id === from ? { ...comment, author_id: to } : comment,
    ),
  };
}
