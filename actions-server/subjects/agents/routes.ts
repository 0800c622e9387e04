/** The JSON routes of agents: the directory, and the rules. */
import { sql, type Kysely, type Transaction } from "kysely";
import { DEFAULT_AGENT_RULES, type AgentRule } from "#contract/agents/rules";
import type { AGENT_ROUTES, RulesReport } from "#contract/routes/agents";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { RouteHandlers } from "#platform/http/json-routes";
import {
  joinAgents,
  listAgents,
  makeAgent,
  partAgent,
  proposeJoins,
  readAgent,
  setAvailable,
} from "./directory.ts";
import { readRules } from "./recompute.ts";

interface AgentRouteDeps {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly changeRules: (
    trx: Transaction<Database>,
    account: string,
    rules: readonly AgentRule[],
  ) => Promise<void>;
}

export function createAgentRoutes({
  db,
  now,
  newId,
  changeRules,
}: AgentRouteDeps): RouteHandlers<typeof AGENT_ROUTES> {
  const change = <T>(work: (trx: Transaction<Database>) => Promise<T>) =>
    db.transaction().execute(work);
  return {
    agents: ({ account, query }) => listAgents(db, account, query),
    agent: async ({ account, params: { id } }) => found(await readAgent(db, account, id)),
    "make-agent": ({ account, body }) =>
      change((trx) => makeAgent(trx, { account, newId, now: now() }, body)),
    "set-agent-available": async ({ account, params: { id }, body }) =>
      found(await setAvailable(db, account, id, body.available)),
    "join-agents": async ({ account, params: { id }, body }) => {
      const agent = await change((trx) => joinAgents(trx, { account }, id, body.agent_id));
      return { outcome: "joined", agent: found(agent) };
    },
    "part-agent": async ({ account, params: { id }, body }) =>
      found(await change((trx) => partAgent(trx, { account, newId, now: now() }, id, body))),
    "agent-proposals": async ({ account }) => ({ proposals: await proposeJoins(db, account) }),
    "agent-rules": ({ account }) => reportRules(db, account),
    "change-agent-rules": async ({ account, body }) => {
      await change((trx) => changeRules(trx, account, body.rules));
      return reportRules(db, account);
    },
  };
}

function found<T>(one: T | undefined): T {
  if (one === undefined) throw new AppError("NOT_FOUND", "there is no such agent or id");
  return one;
}

const MOST_COUNTED = 100_000;

async function reportRules(db: Kysely<Database>, account: string): Promise<RulesReport> {
  const known = await readRules(db, account);
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from (
      select from qa_conversations where account_id = ${account} limit ${MOST_COUNTED}
    ) as stored`.execute(db);
  return {
    rules: known?.rules ?? [...DEFAULT_AGENT_RULES],
    state: known?.state ?? "finished",
    tickets_done: known?.tickets_done ?? 0,
    tickets_total: rows[0]?.total ?? 0,
    changed_at: known?.changed_at.toISOString() ?? null,
    finished_at: known?.finished_at?.toISOString() ?? null,
  };
}
