/**
 * A Zendesk account of up to ten million tickets that takes no memory: every record is calculated from its id when it is read,
 * and changes lie over it in the stand-in.
 */
import { toSecondPrecision, toUnixSeconds } from "../../clock.ts";
import { auditsOfSeed } from "../../zendesk/audit.ts";
import type {
  AuditRecord,
  TicketRecord,
  TicketStatus,
  UserRecord,
  ZendeskData,
} from "../../zendesk/model.ts";
import type { RecordHistory } from "../../zendesk/record-table.ts";
import { BRAND_ID, buildAccountSetup, GROUP_OF_TOPIC, TICKET_FORM_ID } from "../account-setup.ts";
import type { ConversationScript, Language } from "../conversation-script.ts";
import { hashOf } from "../random.ts";
import { SCRIPTS } from "../scripts.ts";
import {
  CASE_NUMBER_FIELD_ID,
  CONTACT_REASON_FIELD_ID,
  ORDER_NUMBER_FIELD_ID,
  REFUND_APPROVED_FIELD_ID,
} from "../ticket-fields.ts";
import {
  commentsOf,
  commentTimes,
  orderNumberOf,
  subjectOf,
  ticketIdOfPart,
  ticketIdOfToken,
} from "./conversation.ts";
import { createCustomers } from "./customers.ts";
import { createTimeline, LONGEST_CONVERSATION, type BulkChanges } from "./timeline.ts";

export interface LargeAccountOptions {
  readonly seed: number;
  readonly tickets: number;
  /** Default: a fifth of the tickets. */
  readonly customers?: number;
  /** When the first ticket was made. */
  readonly from: Date;
  /** When the last ticket changed last; every ticket has been at rest for two days when it did. */
  readonly until: Date;
  /** Default: 1,500 tickets of every 20,000 change in one second. */
  readonly bulk?: BulkChanges;
}

const FIRST_TICKET_ID = 1_001;
const DAY = 86_400;
const CHANNELS = ["email", "email", "email", "web", "mobile", "api"] as const;
/** In twenty tickets. */
const STATUSES: readonly TicketStatus[] = [
  ...Array.from({ length: 16 }, (): TicketStatus => "closed"),
  "solved",
  "solved",
  "open",
  "pending",
];
const SCRIPTS_BY_LANGUAGE = Map.groupBy(SCRIPTS, ({ language }) => language);

const scriptOf = (language: Language, draw: number): ConversationScript => {
  const scripts = SCRIPTS_BY_LANGUAGE.get(language) ?? SCRIPTS;
  const script = scripts[draw % scripts.length];
  if (!script) throw new Error(`nothing is written in ${language}`);
  return script;
};

/**
 * The account. Pure: the same options give the same records, to the byte. It is there in milliseconds.
 * @throws RangeError when the time has less than a second for each ticket
 */
export function buildLargeAccount(options: LargeAccountOptions): ZendeskData {
  const { seed } = options;
  const from = toUnixSeconds(options.from);
  const until = toUnixSeconds(options.until);
  const timeline = createTimeline({
    seed,
    tickets: options.tickets,
    from,
    until,
    bulk: options.bulk ?? { every: 20_000, size: 1_500 },
  });
  const setup = buildAccountSetup(toSecondPrecision(options.from));
  const agents = setup.agents.filter(({ role }) => role === "agent");
  const customers = createCustomers({
    seed,
    count: options.customers ?? Math.max(1, Math.floor(options.tickets / 5)),
    from: from - DAY,
    until: until - DAY,
    organizations: setup.organizations,
  });

  function agentOf(draw: number): UserRecord {
    const agent = agents[draw % agents.length];
    if (!agent) throw new Error("the sample account has no agents");
    return agent;
  }

  function ticketAt(ticket: number): TicketRecord {
    const id = FIRST_TICKET_ID + ticket;
    const draw = (label: number) => hashOf(seed, ticket, label);
    const customerNumber = customers.requesterOf(ticket, timeline.tickets);
    const customer = customers.briefOf(customerNumber);
    const agent = agentOf(draw(81));
    const script = scriptOf(customers.languageOf(customerNumber), draw(82));
    const startedAt = timeline.createdAt(ticket);
    const changed = timeline.changedAt(ticket);
    const channel = CHANNELS[draw(83) % CHANNELS.length] ?? "email";
    const conversation = { seed, ticketId: id, script, customer, agent, channel, startedAt };
    // In half of the recorded export rows the two clocks are seconds apart; automations part them by up to a day.
    const apart = draw(84) % 8 === 0 ? draw(85) % DAY : ticket % 2 === 0 ? 0 : draw(85) % 10;
    let comments: TicketRecord["comments"] | undefined;
    return {
      id,
      subject: subjectOf(conversation),
      external_id: draw(86) % 10 === 0 ? `till-${id}` : null,
      type: (["question", "problem", "incident", null] as const)[draw(87) % 4] ?? null,
      priority:
        (["low", "normal", "normal", "high", "urgent", null] as const)[draw(88) % 6] ?? null,
      status: STATUSES[draw(89) % STATUSES.length] ?? "closed",
      requester_id: customer.id,
      submitter_id: customer.id,
      assignee_id: agent.id,
      organization_id: customer.organization_id,
      group_id: setup.groups[GROUP_OF_TOPIC[script.topic]]?.id ?? null,
      brand_id: BRAND_ID,
      ticket_form_id: TICKET_FORM_ID,
      tags: [`lang_${script.language}`, script.topic, `reason_${script.topic}`].toSorted(),
      custom_fields: [
        { id: CASE_NUMBER_FIELD_ID, value: null },
        { id: ORDER_NUMBER_FIELD_ID, value: orderNumberOf(seed, id) },
        { id: CONTACT_REASON_FIELD_ID, value: `reason_${script.topic}` },
        { id: REFUND_APPROVED_FIELD_ID, value: draw(90) % 10 < 3 },
      ],
      channel,
      created_at: toSecondPrecision(new Date(startedAt * 1_000)),
      updated_at: toSecondPrecision(new Date((changed - apart) * 1_000)),
      generated_timestamp: changed,
      ...(draw(91) % 50 === 0 ? { support_type: "ai_agent" as const } : {}),
      // Written only when they are read: most readers of a ticket do not want them.
      get comments() {
        return (comments ??= commentsOf(conversation));
      },
    };
  }

  const numberOf = (id: number) => {
    const ticket = id - FIRST_TICKET_ID;
    return Number.isInteger(ticket) && ticket >= 0 && ticket < timeline.tickets
      ? ticket
      : undefined;
  };

  function* fromNumber(first: number): Iterable<TicketRecord> {
    for (let ticket = first; ticket < timeline.tickets; ticket += 1) yield ticketAt(ticket);
  }

  const tickets: RecordHistory<TicketRecord> = {
    count: timeline.tickets,
    get(id) {
      const ticket = numberOf(id);
      return ticket === undefined ? undefined : ticketAt(ticket);
    },
    byId: (after) => fromNumber(Math.max(0, Math.floor(after) + 1 - FIRST_TICKET_ID)),
    *changedAfter([second, id]) {
      const first = timeline.positionWhere((position) => {
        const changed = timeline.changedAtPosition(position);
        if (changed !== second) return changed > second;
        return FIRST_TICKET_ID + timeline.ticketAt(position) > id;
      });
      for (let position = first; position < timeline.tickets; position += 1) {
        yield ticketAt(timeline.ticketAt(position));
      }
    },
  };

  return {
    ...setup,
    endUsers: [],
    tickets: [],
    history: {
      tickets,
      users: customers,
      audits: auditHistory(seed, tickets, timeline),
      ticketOfToken: ticketIdOfToken,
      ticketOfPart: ticketIdOfPart,
      lastTicketId: FIRST_TICKET_ID + timeline.tickets - 1,
      userByEmail: (email) => customers.byEmail(email),
    },
  };
}

/** As many seconds of audits are held at once. */
const GATHERED_SECONDS = 6 * 3_600;

/** What happened on all tickets, in the order of its happening. */
function auditHistory(
  seed: number,
  tickets: RecordHistory<TicketRecord>,
  timeline: ReturnType<typeof createTimeline>,
): RecordHistory<AuditRecord> {
  const end = timeline.createdAt(timeline.tickets - 1) + LONGEST_CONVERSATION;
  const secondOf = ({ created_at }: AuditRecord) => toUnixSeconds(new Date(created_at));

  function gather(from: number, to: number): AuditRecord[] {
    const first = timeline.createdBefore(from - LONGEST_CONVERSATION);
    const found: AuditRecord[] = [];
    for (let ticket = first; ticket < timeline.createdBefore(to); ticket += 1) {
      const id = FIRST_TICKET_ID + ticket;
      const times = commentTimes(seed, id, timeline.createdAt(ticket));
      // Most have nothing in these hours, so their texts need not be written.
      if (!times.some((second) => second >= from && second < to)) continue;
      const record = tickets.get(id);
      const audits = record ? auditsOfSeed(record, []) : [];
      found.push(...audits.filter((audit) => secondOf(audit) >= from && secondOf(audit) < to));
    }
    return found.toSorted((a, b) => secondOf(a) - secondOf(b) || a.id - b.id);
  }

  function* changedAfter([second, id]: readonly [number, number]): Iterable<AuditRecord> {
    let from = Math.max(second, timeline.createdAt(0));
    while (from <= end) {
      const to = from + GATHERED_SECONDS;
      for (const audit of gather(from, to)) {
        if (secondOf(audit) > second || audit.id > id) yield audit;
      }
      from = to;
    }
  }

  return {
    count: 0,
    get(id) {
      const ticket = tickets.get(ticketIdOfPart(id));
      return ticket && auditsOfSeed(ticket, []).find((audit) => audit.id === id);
    },
    byId: () => [],
    changedAfter,
  };
}
