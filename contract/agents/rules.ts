/** The rules by which a conversation has agents. What they say in odd cases: docs/agents.md. */
import { Type, type Static } from "typebox";

const Rule = <Name extends string>(name: Name, description: string) =>
  Type.Literal(name, { description });

export const AgentRule = Type.Union([
  Rule("assignee", "Whom the ticket is assigned to now."),
  Rule("last_assignee", "Whom it is assigned to now, or was last."),
  Rule("first_assignee", "Whom it was assigned to first."),
  Rule("commenter", "Every agent who wrote a message, public or internal."),
  Rule("public_commenter", "Every agent who wrote a public message."),
  Rule("first_public_commenter", "The agent who wrote the first of these."),
  Rule("last_public_commenter", "The agent who wrote the last of these."),
  Rule("solver", "Whoever solved the ticket, each time that it was solved."),
  Rule("most_active", "The agent who wrote the most public messages."),
]);
export type AgentRule = Static<typeof AgentRule>;

/** Whoever works on a conversation or wrote in it. */
export const DEFAULT_AGENT_RULES: readonly AgentRule[] = ["assignee", "commenter"];
