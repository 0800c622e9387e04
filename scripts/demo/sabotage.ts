/** Sabotage: one thing broken on purpose, which the demo's invariants must notice. */
import { randomUUID } from "node:crypto";
import { caseLinkName, parseTicketLinkName } from "#contract/links";
import type { Overrides } from "#actions-server/open-platform";
import { createLink } from "#install/links";
import type { ZisEvent } from "#sandbox/zendesk/events";
import type { World } from "../world.ts";
import { capturedTicket } from "./expectations.ts";
import { observe } from "./observe.ts";
import type { Move } from "./timeline.ts";

const another = <K extends { readonly key: string }>(key: K): K => ({
  ...key,
  key: `${key.key}:${randomUUID()}`,
});

/** A server that forgets every key: each delivery claims a key of its own and does its work anew. */
export const forgetful: Overrides = {
  wrapStore: (store) => ({
    ...store,
    claim: (key, terms) => store.claim(another(key), terms),
    completeUnclaimed: (key, ...rest) => store.completeUnclaimed(another(key), ...rest),
  }),
};

/**
 * Picks the event that is never delivered: true for the first that should be captured and that no later event of its
 * ticket makes up for, false ever after.
 */
export function createDrop(moves: readonly Move[]): (event: ZisEvent) => boolean {
  const solves = moves.filter(({ kind }) => kind === "solve").map(({ ticketId }) => ticketId);
  const isSolvedOnce = (id: string) => solves.indexOf(id) === solves.lastIndexOf(id);
  let dropped = false;
  return (event) => {
    const ticketId = capturedTicket(event);
    if (dropped || ticketId === undefined || !isSolvedOnce(ticketId)) return false;
    dropped = true;
    return true;
  };
}

/** Links one matched ticket a second time, to another case, as a faulty flow would. */
export async function linkTwice(world: World): Promise<void> {
  const [first] = (await observe(world)).links;
  const ticketId = first && parseTicketLinkName(first.left);
  if (ticketId === undefined) throw new Error("there is no link to double; take more tickets");
  const other = world.data.salesforce.Case.find(({ Id }) => caseLinkName(Id) !== first?.right);
  await createLink(world.installer, { ticketId, caseId: other?.Id ?? "" });
}
