/** The state of the Zendesk stand-in: tickets, people, and the one way in which they change. */
import { toSecondPrecision, toUnixSeconds } from "../clock.ts";
import { auditOf } from "./audit.ts";
import { createAuditTrail } from "./audit-trail.ts";
import {
  applyChange,
  generatedAt,
  toComment,
  toTags,
  type ChangeContext,
  type TicketChange,
} from "./change.ts";
import { createChangeNumbers } from "./change-numbers.ts";
import { createCustomStatuses } from "./custom-statuses.ts";
import { eventsOfCreation, numberEvents } from "./event-writer.ts";
import type { ZisEvent } from "./events.ts";
import type { AuditRecord, TicketRecord, UserRecord } from "./model.ts";
import { createPeople } from "./people.ts";
import { numberPersonEvents, type PersonDraft } from "./person-events.ts";
import { createRecordTable } from "./record-table.ts";
import { createSearchIndex } from "./search-index.ts";
import type { NewTicket, StoreOptions, Written, ZendeskStore } from "./store-contract.ts";

export function createStore(options: StoreOptions): ZendeskStore {
  const { data, now, newId } = options;
  const tickets = createRecordTable<TicketRecord>({
    records: data.tickets,
    history: data.history?.tickets,
    changedOf: (ticket) => ticket.generated_timestamp,
  });
  const index = createSearchIndex({
    data,
    now,
    delaySeconds: options.searchDelaySeconds ?? (() => 0),
    missesSilentChanges: options.searchMissesSilentChanges ?? (() => false),
  });
  const seeds = [...data.agents, ...data.endUsers];
  const users = createRecordTable<UserRecord>({
    records: seeds,
    history: data.history?.users,
    changedOf: ({ updated_at }) => toUnixSeconds(new Date(updated_at)),
  });
  const people = createPeople({
    table: users,
    seeds,
    historicByEmail: (email) => data.history?.userByEmail(email),
    now,
    emit: emitPerson,
  });
  const fields = new Map(data.ticketFields.map((field) => [field.id, field]));
  const trail = createAuditTrail(data, tickets.get);
  const numbers = createChangeNumbers({ baseUrl: options.baseUrl, fields, now, newId });
  let nextTicketId =
    data.tickets.reduce(
      (most, { id }) => Math.max(most, id),
      Math.max(1000, data.history?.lastTicketId ?? 0),
    ) + 1;
  const looksAtNew = new Map<number, number>();
  /** Those that can be restored. */
  const deleted = new Set<number>();
  const erased = new Set<number>();

  function put(ticket: TicketRecord, silent: boolean): void {
    tickets.set(ticket);
    index.note(ticket, silent);
  }

  function emit(events: readonly ZisEvent[], ticket: TicketRecord, actorId: number): void {
    if (events.length === 0) return;
    numbers.passed(events.length);
    options.onEvents([...events], { ticket, actorId });
  }

  function emitPerson(drafts: readonly PersonDraft[], user: UserRecord): void {
    if (drafts.length === 0) return;
    const events = numberPersonEvents(drafts, user, numbers.beginSequence());
    numbers.passed(events.length);
    options.onPersonEvents?.(events);
  }

  function finish(ticket: TicketRecord, audit: AuditRecord, events: readonly ZisEvent[]): Written {
    put(ticket, events.length === 0);
    if (events.length > 0) trail.record(audit);
    emit(events, ticket, audit.author_id);
    return { ticket, audit };
  }

  function keep(ticket: TicketRecord, silent: boolean): void {
    const { id, deletion } = ticket;
    trail.follow(ticket);
    put(ticket, silent);
    if (deletion && !deletion.erased) deleted.add(id);
    else deleted.delete(id);
    if (deletion?.erased) erased.add(id);
  }

  /** An agent brings the group along to a ticket that has none. */
  function withGroup(ticket: TicketRecord, change: TicketChange): TicketChange {
    const assignee = users.get(change.assignee_id ?? 0);
    if (ticket.group_id !== null || change.group_id !== undefined || !assignee) return change;
    return { ...change, group_id: assignee.default_group_id };
  }

  function open(
    draft: NewTicket,
    context: ChangeContext,
    said: Pick<TicketRecord, "comments" | "chats">,
  ): Written {
    const at = toSecondPrecision(context.at);
    const ticket: TicketRecord = {
      ...draft,
      id: nextTicketId,
      channel: context.channel,
      tags: toTags(draft.tags),
      status: draft.status === "new" && draft.assignee_id !== null ? "open" : draft.status,
      group_id: draft.group_id ?? users.get(draft.assignee_id ?? 0)?.default_group_id ?? null,
      created_at: at,
      updated_at: at,
      generated_timestamp: generatedAt(nextTicketId, context.at),
      ...said,
    };
    nextTicketId += 1;
    looksAtNew.set(ticket.id, 0);
    const events = eventsOfCreation(ticket, context);
    return finish(ticket, auditOf(undefined, ticket, context), events);
  }

  return {
    data,
    fields,
    ticket(id) {
      const ticket = tickets.get(id);
      return ticket?.deletion ? undefined : ticket;
    },
    deletedTicket: (id) => (deleted.has(id) ? tickets.get(id) : undefined),
    deletedTickets: () =>
      [...deleted]
        .map((id) => tickets.get(id))
        .filter((ticket): ticket is TicketRecord => ticket !== undefined),
    *tickets(after) {
      for (const ticket of tickets.byId(after)) if (!ticket.deletion) yield ticket;
    },
    ticketCount: () => tickets.count() - deleted.size - erased.size,
    user: (id) => users.get(id),
    *users(after) {
      for (const user of users.byId(after)) if (user.active) yield user;
    },
    userCount: () => users.count() - people.deleted().length,
    people,
    statuses: createCustomStatuses(data.groups[0]?.created_at ?? toSecondPrecision(now())),
    searchable: (first, last) => index.tickets(first, last),
    searchChanged: () => index.changed(),
    history: data.history,
    tables: { tickets, users },
    auditsAfter: trail.after,
    audits: trail.of,
    update(ticket, change, actor, leading) {
      const context = numbers.begin(actor);
      const result = applyChange(ticket, withGroup(ticket, change), context, leading);
      return finish(result.ticket, auditOf(ticket, result.ticket, context), result.events);
    },
    create(draft, comment, actor) {
      const context = numbers.begin(actor);
      return open(draft, context, { comments: [toComment(comment, true, context)] });
    },
    createFromChat(draft, lines, actor) {
      const context = numbers.begin(actor);
      const chat = {
        audit_id: context.auditId + 50,
        chat_id: `2611.${context.sequenceId.slice(0, 12)}`,
        visitor_id: context.sequenceId.slice(12, 24),
        created_at: toSecondPrecision(context.at),
        lines,
      };
      return open(draft, context, { comments: [], chats: [chat] }).ticket;
    },
    isHidden(ticketId, hiddenReads) {
      const looks = looksAtNew.get(ticketId);
      if (looks === undefined || looks >= hiddenReads) return false;
      looksAtNew.set(ticketId, looks + 1);
      return true;
    },
    replace(ticket) {
      keep(ticket, true);
      return ticket;
    },
    amend(amended, happened, actor) {
      const context = numbers.begin(actor);
      const ticket: TicketRecord = {
        ...amended,
        updated_at: toSecondPrecision(context.at),
        generated_timestamp: generatedAt(amended.id, context.at),
      };
      keep(ticket, false);
      if (happened.audit) {
        const others = happened.audit.map((event, index) => ({
          ...event,
          id: context.commentId + index,
        }));
        trail.record({ ...auditOf(ticket, ticket, context), others });
      }
      emit(numberEvents(happened.events, ticket, context), ticket, actor.author.id);
      return ticket;
    },
  };
}
