/** Groups and fields of the Zendesk account, so that ids in conversations have names. */
import { Type } from "typebox";
import { ZendeskIdText } from "../actions/envelope.ts";
import { BUDGET_MS, Instant, Nullable, type Route } from "./route.ts";

const GroupReply = Type.Object({
  id: ZendeskIdText,
  name: Type.String(),
  removed_at: Nullable(Instant),
  /** Ids of its agents. */
  members: Type.Array(ZendeskIdText),
});

const FieldReply = Type.Object({
  id: ZendeskIdText,
  type: Type.String(),
  title: Type.String(),
  options: Type.Array(Type.Object({ value: Type.String(), label: Type.String() })),
  is_active: Type.Boolean(),
  removed_at: Nullable(Instant),
});

export const DIRECTORY_ROUTES = {
  groups: {
    method: "GET",
    path: "/v1/groups",
    summary: "The groups of the account and who is in them, as read within the last hour.",
    role: "agent",
    scope: "read",
    budgetMs: BUDGET_MS,
    replies: { 200: Type.Object({ groups: Type.Array(GroupReply) }) },
  },
  fields: {
    method: "GET",
    path: "/v1/fields",
    summary:
      "The ticket fields of the account with the labels of their options, as read within the last hour.",
    role: "agent",
    scope: "read",
    budgetMs: BUDGET_MS,
    replies: { 200: Type.Object({ fields: Type.Array(FieldReply) }) },
  },
} as const satisfies Record<string, Route>;
