/** The moves of administrators past the API: each does what its call does, with the same events, and uses up no limit. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("moves of administrators", () => {
  let desk: DeskFixture;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30, limits: { requestsPerMinute: 1 } });
  });
  afterEach(() => desk.close());

  const tags = () => desk.updates.flat().map(({ event_type }) => event_type);
  const personTags = () => desk.personEvents.map(({ zis }) => zis?.event_type);
  const open = () => desk.data.tickets.filter(({ status }) => status === "open");
  const refusal = (move: () => void) => expect(move).toThrow(/there is no|cannot|not deleted/);

  it("delete, restore and erase tickets", () => {
    const { administrators, tickets } = desk.zendesk;
    administrators.deleteTicket("1001");
    administrators.restoreTicket("1001");
    administrators.deleteTicket("1001");
    administrators.eraseTicket("1001");
    administrators.markAsSpam("1002");
    expect(tickets.get("1001")).toBeUndefined();
    expect(tags()).toEqual([
      "ticket.TicketSoftDeleted",
      "ticket.TicketUndeleted",
      "ticket.TicketSoftDeleted",
      "ticket.TicketPermanentlyDeleted",
      "ticket.MarkedAsSpam",
    ]);
    refusal(() => administrators.restoreTicket("1001"));
    refusal(() => administrators.eraseTicket("1003"));
  });

  it("merge tickets, redact and hide comments, and change requesters", () => {
    const { administrators, tickets } = desk.zendesk;
    const [source, target] = open();
    const [sourceId, targetId] = [String(source!.id), String(target!.id)];
    const [first] = target!.comments;
    administrators.redact(targetId, String(first!.id), first!.body);
    expect(tickets.comments(targetId)[0]!.body).toMatch(/^▇+$/);
    administrators.makePrivate(targetId, String(first!.id));
    administrators.mergeTickets(sourceId, targetId);
    const other = desk.data.endUsers.find(({ id }) => id !== target!.requester_id)!;
    administrators.setRequester(targetId, String(other.id));
    expect(tags()).toEqual([
      "ticket.CommentRedacted",
      "ticket.CommentMadePrivate",
      "ticket.TicketMerged",
      "ticket.CommentAdded",
      "ticket.TagsChanged",
      "ticket.StatusChanged",
      "ticket.CommentAdded",
      "ticket.RequesterChanged",
    ]);
    refusal(() => administrators.mergeTickets(sourceId, targetId));
    refusal(() => administrators.redact(targetId, String(first!.id), "never said"));
  });

  it("rename, merge, delete and erase people", () => {
    const { administrators } = desk.zendesk;
    desk.zendesk.switches.openTicketsKeepUsers = false;
    const [one, two, three] = desk.data.endUsers.map(({ id }) => String(id));
    administrators.changePerson(one!, { name: "New Name" });
    administrators.mergePeople(one!, two!);
    administrators.deletePerson(three!);
    refusal(() => administrators.erasePerson(two!));
    administrators.erasePerson(three!);
    expect(personTags()).toEqual([
      "user.UserNameChanged",
      "user.UserIsActiveChanged",
      "user.UserMerged",
      "user.UserIsActiveChanged",
      undefined,
    ]);
  });
});
