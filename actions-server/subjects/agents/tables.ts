/** The tables of agents: who they are, and whose conversations are whose. Ids are text; times are UTC instants. */
import type { AgentRule } from "#contract/agents/rules";

declare module "#platform/db/schema" {
  interface Database {
    agents: AgentTable;
    agent_ids: AgentIdTable;
    agent_associations: AgentAssociationTable;
    agent_rules: AgentRulesTable;
  }
}

/** A person who works on conversations, whatever the systems call him or her. */
interface AgentTable {
  account_id: string;
  agent_id: string;
  /** Given by hand; null: as `qa_people` has it. */
  name: string | null;
  email: string | null;
  /** Whether his or her conversations are wanted for review. */
  available: boolean;
  made_at: Date;
}

/** What a system calls an agent. A row stays when the person is no agent there any more. */
interface AgentIdTable {
  account_id: string;
  system: "zendesk" | "salesforce";
  external_id: string;
  agent_id: string;
  joined_at: Date;
}

/** An agent of a conversation, derived from what is stored of it. One row a ticket and agent. */
interface AgentAssociationTable {
  account_id: string;
  ticket_id: string;
  /** Zendesk's id. */
  agent_id: string;
  /** The rules that found the agent; never empty. */
  rules: AgentRule[];
  /** `source_updated_at` of the conversation: the order of lists. */
  updated_at: Date;
}

/** The rules in force, and how far the associations follow them. One row an account, once it has settings. */
interface AgentRulesTable {
  account_id: string;
  rules: AgentRule[];
  /** Grows with each change of the rules. */
  version: number;
  state: "running" | "finished";
  /** While it runs: the associations of all tickets up to this one follow the rules. */
  cursor: string;
  tickets_done: number;
  changed_at: Date;
  /** When the associations first followed rules, these or earlier ones; null: they never did. */
  computed_at: Date | null;
  finished_at: Date | null;
}
