/** The directory of agents, and the rules by which conversations have agents. */
import { Type, type Static } from "typebox";
import { ErrorReply } from "../actions/envelope.ts";
import { AgentRule } from "../agents/rules.ts";
import { BUDGET_MS, Instant, Nullable, type Route } from "./route.ts";

const AgentId = Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" });
const Params = Type.Object({ id: AgentId });

const ExternalId = Type.Object(
  {
    system: Type.Union([Type.Literal("zendesk"), Type.Literal("salesforce")]),
    external_id: Type.String({ pattern: "^[A-Za-z0-9]{1,20}$" }),
  },
  { additionalProperties: false },
);
export type ExternalId = Static<typeof ExternalId>;

const AgentEntry = Type.Object({
  agent_id: AgentId,
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  /** In Zendesk; null: not a user there, or not known. */
  role: Nullable(Type.String()),
  /** False: a user with none of the roles of an agent any more, suspended or deleted; null: not a user of Zendesk. */
  active: Nullable(Type.Boolean()),
  /** Whether his or her conversations are wanted for review; set by hand. */
  available: Type.Boolean(),
  ids: Type.Array(ExternalId),
});
export type AgentEntry = Static<typeof AgentEntry>;

const AgentsQuery = Type.Object(
  {
    after: Type.Optional(AgentId),
    limit: Type.Integer({ default: 100, minimum: 1, maximum: 500 }),
  },
  { additionalProperties: false },
);

const NewAgent = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    email: Type.Optional(
      Type.String({ minLength: 3, maxLength: 320, pattern: "^[^@\\s]+@[^@\\s]+$" }),
    ),
    ids: Type.Array(ExternalId, { maxItems: 20 }),
  },
  { additionalProperties: false },
);
export type NewAgent = Static<typeof NewAgent>;

/** An id that an agent has already belongs to that one: part it first. */
const Taken = Type.Object({
  outcome: Type.Literal("taken"),
  id: ExternalId,
  by: AgentId,
});
const Changed = (outcome: "made" | "joined" | "parted") =>
  Type.Object({ outcome: Type.Literal(outcome), agent: AgentEntry });

const MakeReply = Type.Union([Changed("made"), Taken]);
export type MakeReply = Static<typeof MakeReply>;

const PartReply = Type.Union([
  Changed("parted"),
  /** The agent has no other id. */
  Type.Object({ outcome: Type.Literal("only_id") }),
]);
export type PartReply = Static<typeof PartReply>;

const RulesRequest = Type.Object(
  {
    rules: Type.Array(AgentRule, {
      minItems: 1,
      maxItems: AgentRule.anyOf.length,
      uniqueItems: true,
    }),
  },
  { additionalProperties: false },
);

const RulesReport = Type.Object({
  rules: Type.Array(AgentRule),
  /** `running`: a job computes the agents of what was stored before the rules changed. */
  state: Type.Union([Type.Literal("running"), Type.Literal("finished")]),
  tickets_done: Type.Integer(),
  /** How many conversations are stored; counted up to 100,000. */
  tickets_total: Type.Integer(),
  /** Null: the default rules hold, and were never followed for what is stored. */
  changed_at: Nullable(Instant),
  finished_at: Nullable(Instant),
});
export type RulesReport = Static<typeof RulesReport>;

export const AGENT_ROUTES = {
  agents: {
    method: "GET",
    path: "/v1/admin/agents",
    summary: "The directory of agents, in the order of their ids.",
    role: "admin",
    query: AgentsQuery,
    budgetMs: BUDGET_MS,
    replies: {
      200: Type.Object({ agents: Type.Array(AgentEntry), next: Nullable(AgentId) }),
    },
  },
  agent: {
    method: "GET",
    path: "/v1/admin/agents/:id",
    summary: "One agent.",
    role: "admin",
    params: Params,
    budgetMs: BUDGET_MS,
    replies: { 200: AgentEntry, 404: ErrorReply },
  },
  "make-agent": {
    method: "POST",
    path: "/v1/admin/agents",
    summary: "Make an agent by hand, such as one who works in Salesforce only.",
    role: "admin",
    body: NewAgent,
    budgetMs: BUDGET_MS,
    replies: { 200: MakeReply },
  },
  "set-agent-available": {
    method: "PUT",
    path: "/v1/admin/agents/:id/available",
    summary: "Say whether an agent's conversations are wanted for review.",
    role: "admin",
    params: Params,
    body: Type.Object({ available: Type.Boolean() }, { additionalProperties: false }),
    budgetMs: BUDGET_MS,
    replies: { 200: AgentEntry, 404: ErrorReply },
  },
  "join-agents": {
    method: "POST",
    path: "/v1/admin/agents/:id/join",
    summary: "Say that another agent is the same person: all ids of both are this one's.",
    role: "admin",
    params: Params,
    body: Type.Object({ agent_id: AgentId }, { additionalProperties: false }),
    budgetMs: BUDGET_MS,
    replies: { 200: Changed("joined"), 404: ErrorReply },
  },
  "part-agent": {
    method: "POST",
    path: "/v1/admin/agents/:id/part",
    summary: "Make an agent of its own of one of an agent's ids.",
    role: "admin",
    params: Params,
    body: ExternalId,
    budgetMs: BUDGET_MS,
    replies: { 200: PartReply, 404: ErrorReply },
  },
  "agent-proposals": {
    method: "GET",
    path: "/v1/admin/agent-proposals",
    summary: "Agents with one e-mail address, who may be the same person: at most 200 addresses.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: {
      200: Type.Object({
        proposals: Type.Array(
          Type.Object({ email: Type.String(), agent_ids: Type.Array(AgentId) }),
        ),
      }),
    },
  },
  "agent-rules": {
    method: "GET",
    path: "/v1/admin/agent-rules",
    summary: "The rules by which conversations have agents, and how far they are followed.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 200: RulesReport },
  },
  "change-agent-rules": {
    method: "PUT",
    path: "/v1/admin/agent-rules",
    summary: "Change these rules: at once for what is stored from now on, by a job for the rest.",
    role: "admin",
    body: RulesRequest,
    budgetMs: BUDGET_MS,
    replies: { 202: RulesReport },
  },
} as const satisfies Record<string, Route>;
