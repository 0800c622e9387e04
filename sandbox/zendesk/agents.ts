/** What people do in the agent interface and by mail: moves that are no API calls and meet no limits. */
import type { TicketChange } from "./change.ts";
import type { FieldValue, TicketRecord, TicketStatus, UserRecord } from "./model.ts";
import type { ZendeskStore } from "./store.ts";

interface ReplyOptions {
  readonly public: boolean;
  /** Absent: the assignee. A customer's reply opens a ticket that was waiting or solved. */
  readonly authorId?: number;
}

/** Every move throws when the ticket is unknown or closed: the caller planned badly. Ids are decimal strings. */
export interface Agents {
  setStatus(ticketId: string, status: TicketStatus): TicketRecord;
  reply(ticketId: string, body: string, options: ReplyOptions): TicketRecord;
  setCustomField(ticketId: string, fieldId: number, value: FieldValue): TicketRecord;
  addTags(ticketId: string, tags: readonly string[]): TicketRecord;
  assign(ticketId: string, agentId: number): TicketRecord;
}

const WAITING: readonly TicketStatus[] = ["pending", "hold", "solved"];

export function createAgents(store: ZendeskStore): Agents {
  function find(ticketId: string): TicketRecord {
    const ticket = store.ticket(Number(ticketId));
    if (!ticket) throw new Error(`there is no ticket ${ticketId}`);
    if (ticket.status === "closed") throw new Error(`ticket ${ticketId} is closed`);
    return ticket;
  }

  function findUser(id: number): UserRecord {
    const user = store.user(id);
    if (!user) throw new Error(`there is no user ${id}`);
    return user;
  }

  /** Who works on the ticket: its agent, else the first of its group, else the first of all. */
  function workerOf(ticket: TicketRecord): UserRecord {
    if (ticket.assignee_id !== null) return findUser(ticket.assignee_id);
    const staff = store.users().filter((user) => user.role !== "end-user");
    const worker = staff.find((user) => user.default_group_id === ticket.group_id) ?? staff[0];
    if (!worker) throw new Error("the account has no agents");
    return worker;
  }

  const move = (ticket: TicketRecord, change: TicketChange) =>
    store.update(ticket, change, { author: workerOf(ticket), channel: "web" }).ticket;

  return {
    setStatus(ticketId, status) {
      const ticket = find(ticketId);
      // Whoever solves a ticket that nobody has takes it with that.
      const taken = status === "solved" && ticket.assignee_id === null;
      return move(ticket, { status, ...(taken ? { assignee_id: workerOf(ticket).id } : {}) });
    },
    reply(ticketId, body, options) {
      const ticket = find(ticketId);
      const author = options.authorId === undefined ? workerOf(ticket) : findUser(options.authorId);
      const fromCustomer = author.role === "end-user";
      const comment = { body, public: options.public };
      const change: TicketChange =
        fromCustomer && WAITING.includes(ticket.status) ? { comment, status: "open" } : { comment };
      return store.update(ticket, change, { author, channel: fromCustomer ? "email" : "web" })
        .ticket;
    },
    setCustomField(ticketId, fieldId, value) {
      return move(find(ticketId), { custom_fields: [{ id: fieldId, value }] });
    },
    addTags(ticketId, tags) {
      const ticket = find(ticketId);
      return move(ticket, { tags: [...ticket.tags, ...tags] });
    },
    assign(ticketId, agentId) {
      return move(find(ticketId), { assignee_id: findUser(agentId).id });
    },
  };
}
