/** What is missed, stale or extra of one ticket, and what a flow would have looked up for it. Pure. */
import { isDeepStrictEqual } from "node:util";
import type { SweepReport } from "#contract/routes/sweep";
import type { Settings } from "#contract/settings/settings";
import { typedCaseNumber, whyLeftAlone, wantsConversation } from "#contract/settings/ticket-rules";
import { storableJson, storableText } from "#platform/db/storable";
import type { ZendeskTicket } from "#remotes/zendesk/rows";
import { lastChangeAt } from "#remotes/zendesk/ticket-clocks";

export type FindingKind = SweepReport["findings"][number]["kind"];

interface StoredConversation {
  readonly subject: string | null;
  readonly requesterId: string | null;
  readonly organizationId: string | null;
  readonly brandId: string | null;
  readonly formId: string | null;
  readonly status: string;
  readonly tags: readonly string[];
  readonly customFields: unknown;
  readonly assigneeId: string | null;
  readonly groupId: string | null;
  readonly updatedAt: Date;
  /** Since when it is hidden, because the ticket is deleted; null: it is shown. */
  readonly deletedAt: Date | null;
}

interface StoredAssignment {
  readonly agentId: string | null;
  readonly groupId: string | null;
  readonly occurredAt: Date;
}

interface KnownLookUp {
  readonly caseId: string | null;
  /** What stood in the field of the case number then; null: nothing, or it is not known. */
  readonly typedNumber: string | null;
  readonly lookedAt: Date;
}

/** What is known here of one ticket. */
export interface KnownTicket {
  readonly conversation: StoredConversation | undefined;
  /** The latest one. */
  readonly assignment: StoredAssignment | undefined;
  readonly lookUp: KnownLookUp | undefined;
  /** A job that was promised to an event is still to be done. */
  readonly awaitsCapture: boolean;
  readonly awaitsLink: boolean;
}

export interface Judgement {
  readonly conversation: "missed" | "stale" | undefined;
  readonly assignment: "missed" | "stale" | undefined;
  /** What the store does not know: that the ticket was deleted, or that it is there again. */
  readonly deletion: "deleted" | "restored" | undefined;
  /**
   * `all`: as when a ticket is made or solved; `number`: as when a case number is typed. Undefined: an event that looked
   * for the case is on record.
   */
  readonly lookUp: "all" | "number" | undefined;
}

const NOTHING: Judgement = {
  conversation: undefined,
  assignment: undefined,
  deletion: undefined,
  lookUp: undefined,
};
/** Zendesk cuts its times to the second: a look-up in the second of the change may have been before it. */
const SECOND_MS = 1_000;

const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * Whether a row of the export can be left alone unseen: nobody changed the ticket for a month before the time that the
 * sweep covers, so no event of it was missed, and nothing of it is known here. Zendesk exports such tickets when it
 * touches them itself, all at once (dust-tt/dust #21863); each would cost calls of Zendesk and of Salesforce. A month,
 * because automations that solve and close wait that long and move no `updated_at`.
 */
export function isOldNews(
  settings: Settings,
  { updatedAt, status }: ZendeskTicket,
  known: KnownTicket,
  since: Date,
): boolean {
  if (settings.sweep_old_tickets || status === "deleted") return false;
  const { conversation, assignment, lookUp } = known;
  const isKnown = [conversation, assignment, lookUp].some((one) => one !== undefined);
  return !isKnown && updatedAt.getTime() < since.getTime() - MONTH_MS;
}

export function judge(
  settings: Settings,
  ticket: ZendeskTicket,
  known: KnownTicket,
  account: string,
): Judgement {
  const shown = known.conversation?.deletedAt === null;
  if (ticket.status === "deleted") return { ...NOTHING, deletion: shown ? "deleted" : undefined };
  if (whyLeftAlone(settings, ticket) !== null) return NOTHING;
  const wanted = known.conversation !== undefined || wantsConversation(settings, ticket, account);
  const conversation = wanted ? judgeConversation(ticket, known) : undefined;
  return {
    conversation,
    assignment: settings.record_assignments ? judgeAssignment(ticket, known) : undefined,
    deletion: isRestored(ticket, known) ? "restored" : undefined,
    lookUp: neededLookUp(settings, ticket, known, conversation),
  };
}

/** A conversation is kept from the first time that the ticket is solved; a state that moved on is captured again. */
function judgeConversation(
  ticket: ZendeskTicket,
  { conversation: stored, awaitsCapture }: KnownTicket,
): "missed" | "stale" | undefined {
  if (ticket.status !== "solved" && ticket.status !== "closed") return undefined;
  if (awaitsCapture) return undefined;
  if (!stored) return "missed";
  // The page of the export may be older than what an event has captured meanwhile.
  if (stored.updatedAt > ticket.updatedAt) return undefined;
  return stored.updatedAt < ticket.updatedAt || differs(ticket, stored) ? "stale" : undefined;
}

/** An export shows no state of the last minute, so a ticket that it shows was not deleted after that state. */
function isRestored({ updatedAt }: ZendeskTicket, { conversation }: KnownTicket): boolean {
  const deletedAt = conversation?.deletedAt ?? null;
  return deletedAt !== null && updatedAt.getTime() + SECOND_MS > deletedAt.getTime();
}

/** Changes of Zendesk itself, and merges of people, may leave `updated_at` alone. */
function differs(ticket: ZendeskTicket, stored: StoredConversation): boolean {
  return !isDeepStrictEqual(
    [
      ticket.subject === undefined ? null : storableText(ticket.subject),
      storableText(ticket.status),
      ticket.tags.map(storableText),
      storableJson(ticket.customFields),
      ticket.requesterId ?? null,
      ticket.organizationId ?? null,
      ticket.brandId ?? null,
      ticket.formId ?? null,
      ticket.assigneeId ?? null,
      ticket.groupId ?? null,
    ],
    [
      stored.subject,
      stored.status,
      stored.tags,
      stored.customFields,
      stored.requesterId,
      stored.organizationId,
      stored.brandId,
      stored.formId,
      stored.assigneeId,
      stored.groupId,
    ],
  );
}

function judgeAssignment(
  ticket: ZendeskTicket,
  { assignment: stored }: KnownTicket,
): "missed" | "stale" | undefined {
  const [agentId, groupId] = [ticket.assigneeId ?? null, ticket.groupId ?? null];
  if (!stored) return agentId === null && groupId === null ? undefined : "missed";
  // Both are times of events; the page's is cut to the second.
  if (stored.occurredAt.getTime() >= ticket.updatedAt.getTime() + SECOND_MS) return undefined;
  return stored.agentId === agentId && stored.groupId === groupId ? undefined : "stale";
}

function neededLookUp(
  settings: Settings,
  ticket: ZendeskTicket,
  { lookUp, awaitsLink }: KnownTicket,
  conversation: Judgement["conversation"],
): Judgement["lookUp"] {
  if (awaitsLink) return undefined;
  if (!lookUp || conversation === "missed") return "all";
  // Automations type numbers too, and move no `updated_at`.
  if (lookUp.lookedAt.getTime() >= lastChangeAt(ticket).getTime() + SECOND_MS) return undefined;
  const typed = typedCaseNumber(settings, ticket);
  return typed === undefined || typed === lookUp.typedNumber ? undefined : "number";
}
