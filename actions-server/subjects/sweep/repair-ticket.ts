/** Does for one ticket what the flow of its missed event would have done: the same operations, each under its own key. */
import type {
  CaptureConversationReply,
  CaptureConversationRequest,
} from "#contract/actions/capture-conversation";
import type { RecordAssignmentRequest } from "#contract/actions/record-assignment";
import type { RecordDeletionRequest } from "#contract/actions/record-deletion";
import type { RequestLinkRequest } from "#contract/actions/request-link";
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import type { Settings } from "#contract/settings/settings";
import { typedCaseNumber } from "#contract/settings/ticket-rules";
import { AppError } from "#platform/errors";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import { lastChangeAt } from "#remotes/zendesk/ticket-clocks";
import type { Judgement, KnownTicket } from "./judge.ts";
import type { Finding } from "./sweep-store.ts";

/** A look-up that was made, as the next sweep has to know it. */
export interface SeenLookUp {
  readonly ticketId: string;
  /** Null: there was no single case. */
  readonly caseId: string | null;
  /** What stood in the ticket's field of the case number; undefined: nothing, or there is no such field. */
  readonly typedNumber: string | undefined;
  /** Before the look-up, so that a change during it counts as later. */
  readonly lookedAt: Date;
}

/** What the sweep does, for one account. All but the look-up are exactly once, by their keys. */
export interface TicketActions {
  /** The case of a ticket as the export has it. Throws SALESFORCE_ errors. */
  readonly lookUp: (
    found: TicketWithUsers,
    request: RequestLinkRequest,
  ) => Promise<ResolveCaseReply>;
  readonly remember: (lookUp: SeenLookUp) => Promise<void>;
  /** The same `key` is the same event. Throws WEBHOOK_NOT_CONFIGURED and ZENDESK_ errors. */
  readonly askForLink: (link: { key: string; ticketId: string; caseId: string }) => Promise<void>;
  readonly promiseLink: (key: string, request: RequestLinkRequest) => Promise<void>;
  readonly capture: (
    key: string,
    request: CaptureConversationRequest,
  ) => Promise<CaptureConversationReply>;
  readonly record: (key: string, request: RecordAssignmentRequest) => Promise<void>;
  readonly recordDeletion: (key: string, request: RecordDeletionRequest) => Promise<void>;
  /** When the agent and group were given, if that can be known. */
  readonly assignedAt: (ticketId: string) => Promise<Date | undefined>;
  readonly note: (finding: Finding, repaired: boolean) => Promise<void>;
  /** A call for the ticket was refused: it is named in the report and owed to the next sweep. */
  readonly leaveOwed: (ticketId: string, reason: string) => Promise<void>;
  /** Names the ticket in the report; only people can resolve it, so no later sweep asks for the ticket by itself. */
  readonly report: (ticketId: string, reason: string) => Promise<void>;
  readonly now: () => Date;
}

export interface TicketRepair {
  readonly settings: Settings;
  readonly found: TicketWithUsers;
  readonly known: KnownTicket;
  readonly judgement: Judgement;
  readonly dryRun: boolean;
}

const CONVERSATION = {
  missed: "the conversation is not stored",
  stale: "the conversation is stored in an older state",
} as const;
const DELETION = {
  deleted: { kind: "extra", what: "the conversation is shown, the ticket is deleted" },
  restored: { kind: "stale", what: "the conversation is hidden, the ticket is there again" },
} as const;
const ASSIGNMENT = "who works on it is not recorded";

/** `sweep:<ticket>:<what>:<instant of the state>`: the same for every sweep that meets this state. */
const keyOf = (ticketId: string, what: string, at: Date) =>
  `sweep:${ticketId}:${what}:${at.toISOString()}`;

export async function repairTicket(actions: TicketActions, repair: TicketRepair): Promise<void> {
  await repairDeletion(actions, repair);
  const caseId = await repairLink(actions, repair);
  await repairConversation(actions, repair, caseId);
  await repairAssignment(actions, repair);
}

/**
 * Notes it first, then repairs it. What is refused is left to the next sweep, and this one goes on; a temporary failure
 * is thrown, so that this sweep continues later.
 */
async function noted(
  { note, leaveOwed }: TicketActions,
  dryRun: boolean,
  finding: Finding,
  work: () => Promise<boolean>,
): Promise<void> {
  await note(finding, false);
  if (dryRun) return;
  try {
    if (await work()) await note(finding, true);
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    await leaveOwed(finding.ticketId, error.message);
  }
}

/** The case to store with the conversation; undefined: not known, what is stored stays. */
async function repairLink(
  actions: TicketActions,
  repair: TicketRepair,
): Promise<string | null | undefined> {
  const { settings, found, known, judgement, dryRun } = repair;
  if (judgement.lookUp === undefined) return undefined;
  const { id: ticketId } = found.ticket;
  const typedNumber = typedCaseNumber(settings, found.ticket);
  const { case_number_field_id, case_external_id_field, match_order } = settings;
  const isFull = judgement.lookUp === "all";
  const request: RequestLinkRequest = {
    ticket_id: ticketId,
    case_number_field_id,
    case_external_id_field,
    match_order: isFull ? match_order : ["case_number"],
  };
  const lookedAt = actions.now();
  const reply = await lookUpOrPromise(actions, found, request, dryRun);
  if (!reply) return undefined;
  const { case_id: caseId } = reply;
  if (caseId !== null && caseId !== known.lookUp?.caseId) {
    const what = `the link to case ${caseId} was not asked for`;
    await noted(actions, dryRun, { ticketId, kind: "missed", what }, async () => {
      const changedAt = lastChangeAt(found.ticket);
      const key = keyOf(ticketId, `link-${caseId}`, changedAt);
      await actions.askForLink({ key, ticketId, caseId });
      await actions.remember({ ticketId, caseId, typedNumber, lookedAt });
      return true;
    });
  } else if (!dryRun) {
    const lastCaseId = caseId ?? known.lookUp?.caseId ?? null;
    await actions.remember({ ticketId, caseId: lastCaseId, typedNumber, lookedAt });
  }
  return isFull ? caseId : undefined;
}

/** While Salesforce does not answer, the look-up is handed to the queue, as by the flow of a new ticket. */
async function lookUpOrPromise(
  actions: TicketActions,
  found: TicketWithUsers,
  request: RequestLinkRequest,
  dryRun: boolean,
): Promise<ResolveCaseReply | undefined> {
  const { id: ticketId } = found.ticket;
  try {
    return await actions.lookUp(found, request);
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith("SALESFORCE_")) throw error;
    if (!error.retryable) {
      await actions.leaveOwed(ticketId, `its case was not looked up: ${error.message}`);
      return undefined;
    }
    const what = "its case could not be looked up now; the queue looks for it";
    await noted(actions, dryRun, { ticketId, kind: "missed", what }, async () => {
      await actions.promiseLink(keyOf(ticketId, "link", lastChangeAt(found.ticket)), request);
      return true;
    });
    return undefined;
  }
}

async function repairDeletion(
  actions: TicketActions,
  { found, judgement, dryRun }: TicketRepair,
): Promise<void> {
  const { deletion: state } = judgement;
  if (state === undefined) return;
  const { id: ticketId } = found.ticket;
  const at = lastChangeAt(found.ticket);
  await noted(actions, dryRun, { ticketId, ...DELETION[state] }, async () => {
    const request = { ticket_id: ticketId, state, occurred_at: at.toISOString() };
    await actions.recordDeletion(keyOf(ticketId, state, at), request);
    return true;
  });
}

async function repairConversation(
  actions: TicketActions,
  { found, judgement, dryRun }: TicketRepair,
  caseId: string | null | undefined,
): Promise<void> {
  const { conversation: kind } = judgement;
  if (kind === undefined) return;
  const { id: ticketId } = found.ticket;
  const finding = { ticketId, kind, what: CONVERSATION[kind] };
  await noted(actions, dryRun, finding, async () => {
    const request = {
      ticket_id: ticketId,
      ...(caseId !== undefined && { case_id: caseId }),
      occurred_at: found.ticket.updatedAt.toISOString(),
    };
    const key = keyOf(ticketId, "conversation", lastChangeAt(found.ticket));
    const reply = await actions.capture(key, request);
    if (reply.outcome === "conversation_unreadable") {
      await actions.report(ticketId, reply.reason);
      return false;
    }
    // Deleted meanwhile: the next sweep hears of it.
    return reply.outcome !== "ticket_not_found";
  });
}

async function repairAssignment(
  actions: TicketActions,
  { found, known, judgement, dryRun }: TicketRepair,
): Promise<void> {
  const { assignment: kind } = judgement;
  if (kind === undefined) return;
  const { id: ticketId, assigneeId = null, groupId = null, updatedAt } = found.ticket;
  await noted(actions, dryRun, { ticketId, kind, what: ASSIGNMENT }, async () => {
    const assigned = (await actions.assignedAt(ticketId)) ?? updatedAt;
    // Zendesk's present state is newer than everything recorded here, also than an event of the same second.
    const stored = known.assignment?.occurredAt;
    const at = stored && stored >= assigned ? new Date(stored.getTime() + 1) : assigned;
    await actions.record(keyOf(ticketId, `assignment-${assigneeId}-${groupId}`, at), {
      ticket_id: ticketId,
      agent_id: assigneeId,
      group_id: groupId,
      occurred_at: at.toISOString(),
    });
    return true;
  });
}
