/** The state of the Zendesk stand-in: tickets, people, and the one way in which they change. */
import { createHash } from "node:crypto";
import { toSecondPrecision, toUnixSeconds } from "../clock.ts";
import { auditOf, auditsOfSeed } from "./audit.ts";
import {
  applyChange,
  generatedAt,
  toComment,
  toTags,
  type ChangeContext,
  type NewComment,
  type TicketChange,
} from "./change.ts";
import { eventsOfCreation, numberEvents, type Draft } from "./event-writer.ts";
import type { ZisEvent } from "./events.ts";
import type { Place } from "./change-order.ts";
import { createCustomStatuses, type CustomStatus } from "./custom-statuses.ts";
import { createPeople, type People } from "./people.ts";
import { numberPersonEvents, type PersonDraft, type PersonEvent } from "./person-events.ts";
import { createRecordTable, type RecordTable } from "./record-table.ts";
import { createSearchIndex } from "./search-index.ts";
import type {
  AuditEvent,
  AuditRecord,
  ChatLine,
  TicketFieldRecord,
  TicketRecord,
  UserRecord,
  ZendeskData,
} from "./model.ts";

/** Who makes a change, and through what. */
export interface Actor {
  readonly author: UserRecord;
  /** `api` for the API, `web` for the agent interface, `email` for a customer's mail. */
  readonly channel: string;
}

export interface Written {
  readonly ticket: TicketRecord;
  readonly audit: AuditRecord;
}

/** A new ticket without what the store adds to it. */
type NewTicket = Omit<
  TicketRecord,
  "id" | "created_at" | "updated_at" | "generated_timestamp" | "comments" | "channel"
>;

/** What a change that is no update leaves behind. */
interface Happened {
  readonly events: readonly Draft[];
  /** Events of its audit; absent: it makes no audit. */
  readonly audit?: readonly Omit<AuditEvent, "id">[];
}

export interface ZendeskStore {
  readonly data: Omit<ZendeskData, "tickets" | "agents" | "endUsers" | "history">;
  readonly fields: ReadonlyMap<number, TicketFieldRecord>;
  /** A ticket that is not deleted. */
  ticket(id: number): TicketRecord | undefined;
  /** A deleted ticket that can still be restored. */
  deletedTicket(id: number): TicketRecord | undefined;
  deletedTickets(): readonly TicketRecord[];
  /** Tickets with a larger id (default: all) that are not deleted, by id; there may be millions, so take one at a time. */
  tickets(after?: number): Iterable<TicketRecord>;
  /** Without the deleted. */
  ticketCount(): number;
  user(id: number): UserRecord | undefined;
  /** People by id, as `tickets`; without the deleted too. */
  users(after?: number): Iterable<UserRecord>;
  userCount(): number;
  /** Tickets from the first to the last of these ids, by id, as the search knows them. */
  searchable(first?: number, last?: number): Iterable<TicketRecord>;
  /** Those of them that changed since the start, the deleted among them. */
  searchChanged(): Iterable<TicketRecord>;
  readonly history: ZendeskData["history"];
  /** For exports, which alone go over deleted tickets and people too. */
  readonly tables: {
    readonly tickets: Pick<RecordTable<TicketRecord>, "changedAfter">;
    readonly users: Pick<RecordTable<UserRecord>, "changedAfter">;
  };
  readonly people: People;
  /** Custom statuses by id. */
  readonly statuses: Map<number, CustomStatus>;
  /** The audits of all tickets after a place, in the order of their making. */
  auditsAfter(place: Place): Iterable<AuditRecord>;
  /** Oldest first. */
  audits(ticketId: number): readonly AuditRecord[];
  /** Changes an existing ticket and emits its events, after those of `leading`. */
  update(
    ticket: TicketRecord,
    change: TicketChange,
    actor: Actor,
    leading?: readonly Draft[],
  ): Written;
  create(ticket: NewTicket, comment: NewComment, actor: Actor): Written;
  /** Keeps a ticket that changed in another way than by an update, moves both clocks and emits what happened. */
  amend(ticket: TicketRecord, happened: Happened, actor: Actor): TicketRecord;
  /** Keeps a ticket that changed without an event. */
  replace(ticket: TicketRecord): TicketRecord;
  /** A ticket without comments: everything was said by chat or messaging. */
  createFromChat(ticket: NewTicket, lines: readonly ChatLine[], actor: Actor): TicketRecord;
  /** Whether a ticket that was made meanwhile is not shown yet; counts the look. */
  isHidden(ticketId: number, hiddenReads: number): boolean;
}

export interface StoreOptions {
  readonly data: ZendeskData;
  /** The account's address, for links in events. */
  readonly baseUrl: string;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Called with the events of an update, the ticket as it is then, and who made it. */
  readonly onEvents: (
    events: ZisEvent[],
    about: { readonly ticket: TicketRecord; readonly actorId: number },
  ) => void;
  /** How far the search is behind (default: not at all), and whether changes without an event never reach it. */
  readonly searchDelaySeconds?: () => number;
  readonly searchMissesSilentChanges?: () => boolean;
  /** Called after every change of a person with its events, in their order. */
  readonly onPersonEvents?: ((events: readonly PersonEvent[]) => void) | undefined;
}

const FIRST_AUDIT_ID = 640_000_000_000_000;
/** Every update takes a block of numbers: its audit, its comment, its changes. */
const IDS_PER_UPDATE = 100;
const FIRST_STREAM_OFFSET = 646_602_214;

/** The audit with its comment as the ticket has it now; of an erased ticket, nothing but that it was. */
function withCommentOf(ticket: TicketRecord, audit: AuditRecord): AuditRecord {
  const { comment: before, ...members } = audit;
  if (ticket.deletion?.erased) return { ...members, changes: [] };
  const comment = before && ticket.comments.find(({ id }) => id === before.id);
  return comment ? { ...members, comment } : members;
}

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
  const audits = new Map<number, AuditRecord[]>();
  const stream = createRecordTable<AuditRecord>({
    records: data.tickets.flatMap((ticket) => auditsOfSeed(ticket, [])),
    history: data.history?.audits,
    changedOf: ({ created_at }) => toUnixSeconds(new Date(created_at)),
  });
  let nextTicketId =
    data.tickets.reduce(
      (most, { id }) => Math.max(most, id),
      Math.max(1000, data.history?.lastTicketId ?? 0),
    ) + 1;
  let nextAuditId = FIRST_AUDIT_ID;
  let nextOffset = FIRST_STREAM_OFFSET;
  const looksAtNew = new Map<number, number>();
  /** Those that can be restored. */
  const deleted = new Set<number>();
  const erased = new Set<number>();

  /** What the events of one change share. */
  function beginSequence() {
    const digest = createHash("sha256").update(newId()).digest("hex");
    const sequenceId = digest.slice(0, 32).toUpperCase();
    return { at: now(), sequenceId, firstOffset: nextOffset };
  }

  function begin(actor: Actor): ChangeContext {
    const auditId = nextAuditId;
    nextAuditId += IDS_PER_UPDATE;
    return {
      ...actor,
      ...beginSequence(),
      fields,
      baseUrl: options.baseUrl,
      auditId,
      commentId: auditId + 1,
    };
  }

  const auditsOf = (ticketId: number): readonly AuditRecord[] => {
    const recorded = audits.get(ticketId) ?? [];
    const ticket = tickets.get(ticketId);
    return [...(ticket ? auditsOfSeed(ticket, recorded) : []), ...recorded];
  };

  function put(ticket: TicketRecord, silent: boolean): void {
    tickets.set(ticket);
    index.note(ticket, silent);
  }

  function emit(events: readonly ZisEvent[], ticket: TicketRecord, actorId: number): void {
    if (events.length === 0) return;
    nextOffset += events.length;
    options.onEvents([...events], { ticket, actorId });
  }

  function emitPerson(drafts: readonly PersonDraft[], user: UserRecord): void {
    if (drafts.length === 0) return;
    const events = numberPersonEvents(drafts, user, beginSequence());
    nextOffset += events.length;
    options.onPersonEvents?.(events);
  }

  function record(audit: AuditRecord): void {
    stream.set(audit);
    audits.set(audit.ticket_id, [...(audits.get(audit.ticket_id) ?? []), audit]);
  }

  function finish(ticket: TicketRecord, audit: AuditRecord, events: readonly ZisEvent[]): Written {
    put(ticket, events.length === 0);
    if (events.length > 0) record(audit);
    emit(events, ticket, audit.author_id);
    return { ticket, audit };
  }

  /** Keeps the ticket. Audits hold comments: one that changed changes there too, one that is gone goes. */
  function keep(ticket: TicketRecord, silent: boolean): void {
    const { id, deletion } = ticket;
    const said = tickets.get(id)?.comments !== ticket.comments;
    const before = said ? auditsOf(id) : [];
    const now = before.map((audit) => withCommentOf(ticket, audit));
    put(ticket, silent);
    for (const audit of now) stream.set(audit);
    if (deletion?.erased) audits.delete(id);
    else if (said) audits.set(id, now);
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
    auditsAfter: (place) => stream.changedAfter(place),
    audits: auditsOf,
    update(ticket, change, actor, leading) {
      const context = begin(actor);
      const result = applyChange(ticket, withGroup(ticket, change), context, leading);
      return finish(result.ticket, auditOf(ticket, result.ticket, context), result.events);
    },
    create(draft, comment, actor) {
      const context = begin(actor);
      return open(draft, context, { comments: [toComment(comment, true, context)] });
    },
    createFromChat(draft, lines, actor) {
      const context = begin(actor);
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
      const context = begin(actor);
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
        record({ ...auditOf(ticket, ticket, context), others });
      }
      emit(numberEvents(happened.events, ticket, context), ticket, actor.author.id);
      return ticket;
    },
  };
}
