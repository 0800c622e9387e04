/** What people do in the agent interface and by mail: these are not API calls, so no limit applies. */
import type { TicketChange } from "./change.ts";
import { toSecondPrecision } from "../clock.ts";
import type { ChatLine, FieldValue, TicketRecord, TicketStatus, UserRecord } from "./model.ts";
import type { ZendeskStore } from "./store-contract.ts";

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
  /** A call of Talk on the ticket: a voice comment with its recording, duration and parties. */
  recordCall(ticketId: string, data: Readonly<Record<string, unknown>>): TicketRecord;
  /** A new ticket from a chat or from messaging: nothing of what was said is a comment. */
  chat(requesterId: number, lines: readonly SaidLine[], channel?: string): TicketRecord;
}

interface SaidLine {
  readonly by: "customer" | "agent" | "bot";
  readonly text?: string;
  /** The name of a file that was sent. */
  readonly file?: string;
}

const WAITING: readonly TicketStatus[] = ["pending", "hold", "solved"];

export function createAgents(store: ZendeskStore, now: () => Date): Agents {
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
  function workerOf(ticket: Pick<TicketRecord, "assignee_id" | "group_id">): UserRecord {
    if (ticket.assignee_id !== null) return findUser(ticket.assignee_id);
    const staff = store.people.staff();
    const worker = staff.find((user) => user.default_group_id === ticket.group_id) ?? staff[0];
    if (!worker) throw new Error("the account has no agents");
    return worker;
  }

  function draftOf(requester: UserRecord) {
    return {
      subject: `Conversation with ${requester.name}`,
      external_id: null,
      type: null,
      priority: null,
      status: "new",
      requester_id: requester.id,
      submitter_id: requester.id,
      assignee_id: null,
      organization_id: requester.organization_id,
      group_id: null,
      brand_id: store.data.brands[0]?.id ?? 0,
      ticket_form_id: store.data.ticketForms[0]?.id ?? 0,
      tags: [],
      custom_fields: store.data.ticketFields
        .filter(({ removable }) => removable)
        .map(({ id }) => ({ id, value: null })),
    } as const;
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
    recordCall(ticketId, data) {
      return move(find(ticketId), { comment: { body: "", public: false, data } });
    },
    chat(requesterId, lines, channel = "native_messaging") {
      const requester = findUser(requesterId);
      const draft = draftOf(requester);
      const worker = workerOf({ assignee_id: null, group_id: null });
      const said = lines.map((line, index) => toChatLine(line, index, requester, worker, now()));
      return store.createFromChat(draft, said, { author: requester, channel });
    },
    assign(ticketId, agentId) {
      return move(find(ticketId), { assignee_id: findUser(agentId).id });
    },
  };
}

const ACTOR_TYPES = { customer: "end-user", agent: "agent", bot: "bot" } as const;

/** A second apart, so that they have an order. */
function toChatLine(
  { by, text = "", file }: SaidLine,
  index: number,
  customer: UserRecord,
  agent: UserRecord,
  startedAt: Date,
): ChatLine {
  const bot = { id: -1, name: "Answer Bot" };
  const actor = { customer, agent, bot }[by];
  return {
    message_id: `m${startedAt.getTime()}${index}`,
    actor_id: actor.id,
    actor_name: actor.name,
    actor_type: ACTOR_TYPES[by],
    text,
    ...(file && {
      file: {
        file_name: file,
        content_type: "application/octet-stream",
        size: 2_048,
        url: `https://tideway.zendesk.com/sc/attachments/v2/${index}/${encodeURIComponent(file)}`,
      },
    }),
    created_at: toSecondPrecision(new Date(startedAt.getTime() + index * 1_000)),
  };
}
