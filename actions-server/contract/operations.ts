/** The table of external actions: what a flow may call, what it costs and what makes two calls the same. */
import { AnnotateTicketReply, AnnotateTicketRequest } from "./annotate-ticket.ts";
import { ApplySettingsReply, ApplySettingsRequest } from "./apply-settings.ts";
import { CaptureConversationReply, CaptureConversationRequest } from "./capture-conversation.ts";
import { MergeConversationReply, MergeConversationRequest } from "./merge-conversation.ts";
import { RecordAssignmentReply, RecordAssignmentRequest } from "./record-assignment.ts";
import { RequestLinkReply, RequestLinkRequest } from "./request-link.ts";
import { ResolveCaseReply, ResolveCaseRequest } from "./resolve-case.ts";

/** The version in the path. An older bundle keeps calling the older version. */
export const CONTRACT_VERSION = "v1";

const THIRTY_DAYS = 30 * 24 * 3600;

/**
 * - `budgetMs`: the server answers within this time, network to the remote systems included.
 * - `effect`: a `read` records nothing and takes no Idempotency-Key; a `write` demands one.
 * - `identity`: the members of the body that make two requests under one key the same request.
 * - `ttlSeconds`: how long an answer is replayed.
 */
export const OPERATIONS = {
  "resolve-case": {
    path: `/${CONTRACT_VERSION}/actions/resolve-case`,
    summary: "Find the Salesforce case that belongs to a ticket.",
    effect: "read",
    budgetMs: 6_000,
    request: ResolveCaseRequest,
    reply: ResolveCaseReply,
  },
  "capture-conversation": {
    path: `/${CONTRACT_VERSION}/actions/capture-conversation`,
    summary: "Fetch a ticket's conversation from Zendesk and store it for quality review.",
    effect: "write",
    budgetMs: 6_000,
    identity: ["ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: CaptureConversationRequest,
    reply: CaptureConversationReply,
  },
  "annotate-ticket": {
    path: `/${CONTRACT_VERSION}/actions/annotate-ticket`,
    summary: "Tell a ticket's agents something, by a tag or a private comment.",
    effect: "write",
    budgetMs: 6_000,
    identity: ["ticket_id", "reason"],
    ttlSeconds: THIRTY_DAYS,
    request: AnnotateTicketRequest,
    reply: AnnotateTicketReply,
  },
  "record-assignment": {
    path: `/${CONTRACT_VERSION}/actions/record-assignment`,
    summary: "Record who works on a ticket.",
    effect: "write",
    budgetMs: 3_000,
    identity: ["ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: RecordAssignmentRequest,
    reply: RecordAssignmentReply,
  },
  "merge-conversation": {
    path: `/${CONTRACT_VERSION}/actions/merge-conversation`,
    summary: "Let a stored conversation follow the ticket that survived a merge.",
    effect: "write",
    budgetMs: 3_000,
    identity: ["ticket_id", "target_ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: MergeConversationRequest,
    reply: MergeConversationReply,
  },
  "apply-settings": {
    path: `/${CONTRACT_VERSION}/actions/apply-settings`,
    summary: "Take over the settings of ZIS Configs.",
    effect: "write",
    budgetMs: 3_000,
    identity: [],
    ttlSeconds: THIRTY_DAYS,
    request: ApplySettingsRequest,
    reply: ApplySettingsReply,
  },
  "request-link": {
    path: `/${CONTRACT_VERSION}/actions/request-link`,
    summary: "Find the case of a ticket later, and have it linked then.",
    effect: "write",
    budgetMs: 3_000,
    identity: ["ticket_id"],
    ttlSeconds: THIRTY_DAYS,
    request: RequestLinkRequest,
    reply: RequestLinkReply,
  },
} as const;

export type OperationName = keyof typeof OPERATIONS;
