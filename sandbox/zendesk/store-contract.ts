/** What the state of the Zendesk stand-in can be asked and told. `store.ts` keeps it. */
import type { NewComment, TicketChange } from "./change.ts";
import type { Place } from "./change-order.ts";
import type { CustomStatus } from "./custom-statuses.ts";
import type { Draft } from "./event-writer.ts";
import type { ZisEvent } from "./events.ts";
import type {
  AuditEvent,
  AuditRecord,
  ChatLine,
  TicketFieldRecord,
  TicketRecord,
  UserRecord,
  ZendeskData,
} from "./model.ts";
import type { People } from "./people.ts";
import type { PersonEvent } from "./person-events.ts";
import type { RecordTable } from "./record-table.ts";

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
export type NewTicket = Omit<
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
