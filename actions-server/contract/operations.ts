/** The table of external actions: what a flow may call, what it costs and what makes two calls the same. */
import { CaptureConversationReply, CaptureConversationRequest } from "./capture-conversation.ts";
import { ResolveCaseReply, ResolveCaseRequest } from "./resolve-case.ts";

/** The version in the path. An older bundle keeps calling the older version. */
export const CONTRACT_VERSION = "v1";

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
    budgetMs: 8_000,
    request: ResolveCaseRequest,
    reply: ResolveCaseReply,
  },
  "capture-conversation": {
    path: `/${CONTRACT_VERSION}/actions/capture-conversation`,
    summary: "Fetch a ticket's conversation from Zendesk and store it for quality review.",
    effect: "write",
    budgetMs: 10_000,
    identity: ["ticket_id"],
    ttlSeconds: 30 * 24 * 3600,
    request: CaptureConversationRequest,
    reply: CaptureConversationReply,
  },
} as const;

export type OperationName = keyof typeof OPERATIONS;
