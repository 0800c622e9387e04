/** The table of external actions: what a flow may call, what it costs and what makes two calls the same. */
import { AnnotateTicketReply, AnnotateTicketRequest } from "./annotate-ticket.ts";
import { ApplySettingsReply, ApplySettingsRequest } from "./apply-settings.ts";
import { CaptureConversationReply, CaptureConversationRequest } from "./capture-conversation.ts";
import { MergeConversationReply, MergeConversationRequest } from "./merge-conversation.ts";
import { RecordAssignmentReply, RecordAssignmentRequest } from "./record-assignment.ts";
import { RecordDeletionReply, RecordDeletionRequest } from "./record-deletion.ts";
import { RecordSatisfactionReply, RecordSatisfactionRequest } from "./record-satisfaction.ts";
import { RecordTicketEventReply, RecordTicketEventRequest } from "./record-ticket-event.ts";
import { RequestLinkReply, RequestLinkRequest } from "./request-link.ts";
import { ResolveCaseReply, ResolveCaseRequest } from "./resolve-case.ts";
import { SETTINGS_BODY_BYTES } from "../settings/settings.ts";

/** The version in the path. An older bundle keeps calling the older version. */
export const CONTRACT_VERSION = "v1";

const THIRTY_DAYS = 30 * 24 * 3600;
/** Of a body that holds all tags of a ticket, before and after. */
const TAGS_BODY = 98_304;
/** Of a body that holds ids and short names. */
const SHORT_BODY = 4_096;

/**
 * - `budgetMs`: the server answers within this time, network to the remote systems included.
 * - `bodyBytes`: the longest body that is read; every body in the form of `request`, written as UTF-8, is shorter.
 * - `effect`: a `read` records nothing and takes no Idempotency-Key; a `write` demands one.
 * - `isLocal`: the work asks no remote system, it only prepares effects in our database.
 * - `identity`: the members of the body that make two requests under one key the same request.
 * - `ttlSeconds`: how long an answer is replayed.
 */
export const OPERATIONS = {
  "resolve-case": {
    path: `/${CONTRACT_VERSION}/actions/resolve-case`,
    summary: "Find the Salesforce case that belongs to a ticket.",
    description:
      "Looks in the ways and the order that the request or the settings give, and stops at the first way that finds anything. Changes nothing.",
    effect: "read",
    budgetMs: 6_000,
    bodyBytes: SHORT_BODY,
    request: ResolveCaseRequest,
    reply: ResolveCaseReply,
  },
  "capture-conversation": {
    path: `/${CONTRACT_VERSION}/actions/capture-conversation`,
    summary: "Fetch a ticket's conversation from Zendesk and store it for quality review.",
    description:
      "Reads the ticket with its comments, calls and messages from Zendesk, keeps what can be kept and counts the rest. What does not fit into the budget is accepted and finished by a job.",
    effect: "write",
    isLocal: false,
    budgetMs: 6_000,
    bodyBytes: SHORT_BODY,
    identity: ["ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: CaptureConversationRequest,
    reply: CaptureConversationReply,
  },
  "annotate-ticket": {
    path: `/${CONTRACT_VERSION}/actions/annotate-ticket`,
    summary: "Notify a ticket's agents, by a tag or a private comment.",
    description:
      "Looks first whether an earlier attempt has reached Zendesk, so that no ticket is notified twice.",
    effect: "write",
    isLocal: false,
    budgetMs: 6_000,
    bodyBytes: 65_536,
    identity: ["ticket_id", "reason"],
    ttlSeconds: THIRTY_DAYS,
    request: AnnotateTicketRequest,
    reply: AnnotateTicketReply,
  },
  "record-assignment": {
    path: `/${CONTRACT_VERSION}/actions/record-assignment`,
    summary: "Record who works on a ticket.",
    description:
      "One row for each event; the latest assignment counts, whatever the order of arrival.",
    effect: "write",
    isLocal: true,
    budgetMs: 3_000,
    bodyBytes: SHORT_BODY,
    identity: ["ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: RecordAssignmentRequest,
    reply: RecordAssignmentReply,
  },
  "merge-conversation": {
    path: `/${CONTRACT_VERSION}/actions/merge-conversation`,
    summary: "Let a stored conversation follow the ticket that survived a merge.",
    description:
      "Taken before, with or after the conversation itself; chains of merges lead to the last ticket.",
    effect: "write",
    isLocal: true,
    budgetMs: 3_000,
    bodyBytes: SHORT_BODY,
    identity: ["ticket_id", "target_ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: MergeConversationRequest,
    reply: MergeConversationReply,
  },
  "record-deletion": {
    path: `/${CONTRACT_VERSION}/actions/record-deletion`,
    summary: "Follow a ticket that was deleted, restored or erased.",
    description:
      "The latest event counts, whatever the order of arrival; an erasure is final. Effects and record are one transaction.",
    effect: "write",
    isLocal: true,
    budgetMs: 3_000,
    bodyBytes: SHORT_BODY,
    identity: ["ticket_id", "state"],
    ttlSeconds: THIRTY_DAYS,
    request: RecordDeletionRequest,
    reply: RecordDeletionReply,
  },
  "record-ticket-event": {
    path: `/${CONTRACT_VERSION}/actions/record-ticket-event`,
    summary: "Record what happened on a ticket, and let what is stored follow.",
    description:
      "One row for each event. Tags and requester follow the latest one; after a comment or a redaction a job reads the stored conversation again, and what is known to be redacted is hidden at once.",
    effect: "write",
    isLocal: true,
    budgetMs: 3_000,
    bodyBytes: TAGS_BODY,
    identity: ["ticket_id", "kind"],
    ttlSeconds: THIRTY_DAYS,
    request: RecordTicketEventRequest,
    reply: RecordTicketEventReply,
  },
  "record-satisfaction": {
    path: `/${CONTRACT_VERSION}/actions/record-satisfaction`,
    summary: "Record what a customer answered about a ticket.",
    description:
      "One row for each response, and its latest state counts, whatever the order of arrival. Nothing is kept of an erased ticket.",
    effect: "write",
    isLocal: true,
    budgetMs: 3_000,
    bodyBytes: 65_536,
    identity: ["ticket_id", "response_id"],
    ttlSeconds: THIRTY_DAYS,
    request: RecordSatisfactionRequest,
    reply: RecordSatisfactionReply,
  },
  "apply-settings": {
    path: `/${CONTRACT_VERSION}/actions/apply-settings`,
    summary: "Take over the settings of ZIS Configs.",
    description:
      "An older revision never replaces a newer one, and a document that is wrong changes nothing.",
    effect: "write",
    isLocal: true,
    budgetMs: 3_000,
    bodyBytes: SETTINGS_BODY_BYTES,
    identity: [],
    ttlSeconds: THIRTY_DAYS,
    request: ApplySettingsRequest,
    reply: ApplySettingsReply,
  },
  "request-link": {
    path: `/${CONTRACT_VERSION}/actions/request-link`,
    summary: "Find the case of a ticket later, and have it linked then.",
    description:
      "For when Salesforce does not answer within a flow's time: a job asks for a day, then starts the flow that links, or notifies the agents when several cases may be meant.",
    effect: "write",
    isLocal: true,
    budgetMs: 3_000,
    bodyBytes: SHORT_BODY,
    identity: ["ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: RequestLinkRequest,
    reply: RequestLinkReply,
  },
} as const;

export type OperationName = keyof typeof OPERATIONS;
