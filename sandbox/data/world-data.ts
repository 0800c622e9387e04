/** The sample world: a Zendesk account and a Salesforce org that belong together, made from a seed. */
import { toSecondPrecision } from "../clock.ts";
import { generatedAt } from "../zendesk/change.ts";
import type { TicketRecord, TicketStatus, UserRecord, ZendeskData } from "../zendesk/model.ts";
import { planCases, type TicketPlan } from "./case-plan.ts";
import { createCaseBook, type SalesforceData } from "./cases.ts";
import type { ConversationScript } from "./conversation-script.ts";
import { writeConversation } from "./conversation-writer.ts";
import { BRAND_ID, buildAccountSetup, GROUP_OF_TOPIC, TICKET_FORM_ID } from "./account-setup.ts";
import { buildCustomers } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { SCRIPTS } from "./scripts.ts";
import {
  CASE_NUMBER_FIELD_ID,
  CONTACT_REASON_FIELD_ID,
  ORDER_NUMBER_FIELD_ID,
  REFUND_APPROVED_FIELD_ID,
} from "./ticket-fields.ts";
import { findTruth, type Truth } from "./truth.ts";

export interface WorldOptions {
  /** Any integer; the same seed gives the same world. */
  readonly seed: number;
  /** How many tickets; at least 1. */
  readonly tickets: number;
  /** When the account was opened; its tickets lie in the 60 days after. Default 2025-03-03. */
  readonly accountCreated?: Date;
}

export interface WorldData {
  readonly zendesk: ZendeskData;
  readonly salesforce: SalesforceData;
  /** What a correct look-up answers, by ticket id. */
  readonly truth: ReadonlyMap<string, Truth>;
}

const FIRST_TICKET_ID = 1001;
const DAY_MS = 86_400_000;

/** In twenty answered tickets. */
const STATUSES: readonly TicketStatus[] = [
  ...Array.from({ length: 9 }, (): TicketStatus => "open"),
  ...Array.from({ length: 6 }, (): TicketStatus => "pending"),
  ...Array.from({ length: 2 }, (): TicketStatus => "hold"),
  ...Array.from({ length: 2 }, (): TicketStatus => "solved"),
  "closed",
];

const CHANNELS = ["email", "email", "email", "web", "mobile", "api"] as const;

function tagsOf(script: ConversationScript, random: Random): string[] {
  const tags = [script.topic, `lang_${script.language}`, `reason_${script.topic}`];
  if (random.chance(0.08)) tags.push("vip");
  if (random.chance(0.03)) tags.push("bulk_import");
  return tags.toSorted();
}

interface TicketSurroundings {
  readonly agents: readonly UserRecord[];
  readonly groups: ZendeskData["groups"];
  readonly startedAt: Date;
  readonly random: Random;
}

function buildTicket(plan: TicketPlan, around: TicketSurroundings): TicketRecord {
  const { random, startedAt, groups } = around;
  const { user, language } = plan.customer;
  const script = random.pick(SCRIPTS.filter((candidate) => candidate.language === language));
  const groupAt = language === "en" ? GROUP_OF_TOPIC[script.topic] : groups.length - 1;
  const group_id = groups[groupAt]?.id ?? null;
  const colleagues = around.agents.filter((agent) => agent.default_group_id === group_id);
  const agent = random.chance(0.95) ? random.pick(colleagues) : undefined;
  const channel = random.pick(CHANNELS);
  const { subject, comments, orderNumber } = writeConversation({
    script,
    ticketId: plan.ticketId,
    customer: user,
    ...(agent ? { agent } : {}),
    colleagues,
    channel,
    startedAt,
    random,
  });
  const updated_at = comments.at(-1)?.created_at ?? toSecondPrecision(startedAt);
  return {
    id: plan.ticketId,
    subject,
    external_id: random.chance(0.1) ? `till-${plan.ticketId}` : null,
    type: random.pick(["question", "problem", "incident", null] as const),
    priority: random.pick(["low", "normal", "normal", "high", "urgent", null] as const),
    status: agent ? random.pick(STATUSES) : "new",
    requester_id: user.id,
    submitter_id: user.id,
    assignee_id: agent?.id ?? null,
    organization_id: user.organization_id,
    group_id,
    brand_id: BRAND_ID,
    ticket_form_id: TICKET_FORM_ID,
    tags: tagsOf(script, random),
    custom_fields: [
      { id: CASE_NUMBER_FIELD_ID, value: plan.caseNumberField },
      { id: ORDER_NUMBER_FIELD_ID, value: orderNumber },
      { id: CONTACT_REASON_FIELD_ID, value: `reason_${script.topic}` },
      { id: REFUND_APPROVED_FIELD_ID, value: random.chance(0.3) },
    ],
    channel,
    created_at: comments[0]?.created_at ?? updated_at,
    updated_at,
    generated_timestamp: generatedAt(plan.ticketId, new Date(updated_at)),
    comments,
  };
}

/**
 * Builds the sample world. Pure: the same options give the same world, to the byte.
 * About half of the tickets have exactly one case, 15 in 100 several and the rest none.
 * @throws RangeError when `tickets` is not a positive integer
 */
export function buildWorldData(options: WorldOptions): WorldData {
  if (!Number.isSafeInteger(options.tickets) || options.tickets < 1) {
    throw new RangeError(`tickets: expected a positive integer, got ${options.tickets}`);
  }
  const random = createRandom(options.seed);
  const opened = options.accountCreated ?? new Date("2025-03-03T08:00:00Z");
  const openedAt = toSecondPrecision(opened);
  const setup = buildAccountSetup(openedAt);
  const { groups, organizations, agents } = setup;
  const customerCount = Math.max(20, Math.round(options.tickets * 0.4));
  const customers = buildCustomers(customerCount, organizations, opened, random.fork(1));

  const ticketIds = Array.from({ length: options.tickets }, (_, index) => FIRST_TICKET_ID + index);
  const book = createCaseBook(organizations, opened, random.fork(2));
  const plans = planCases(ticketIds, customers, book, random.fork(3));
  const stepMs = (60 * DAY_MS) / options.tickets;
  const tickets = plans.map((plan, index) =>
    buildTicket(plan, {
      agents,
      groups,
      startedAt: new Date(opened.getTime() + DAY_MS + Math.floor(index * stepMs)),
      random: random.fork(plan.ticketId),
    }),
  );

  const endUsers = customers.map((customer) => customer.user);
  const salesforce = book.data();
  return {
    zendesk: { ...setup, endUsers, tickets },
    salesforce,
    truth: findTruth(tickets, endUsers, salesforce.Case),
  };
}
