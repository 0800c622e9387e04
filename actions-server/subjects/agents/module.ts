/** Agents: whose conversations are whose, and who the agents are. */
import type { Kysely, Transaction } from "kysely";
import { DEFAULT_AGENT_RULES, type AgentRule } from "#contract/agents/rules";
import type { Database } from "#platform/db/schema";
import { RETRIES_OF_A_DAY, worker, type Jobs, type Queue } from "#platform/jobs/queue";
import type { AGENT_ROUTES } from "#contract/routes/agents";
import type { RouteHandlers } from "#platform/http/json-routes";
import type { Module } from "#platform/module";
import { associate } from "./associate.ts";
import { findConversations, noteAgents, type FindJob, type SeenPerson } from "./note-agents.ts";
import { changeRules, readRules, recomputePage, type Locks } from "./recompute.ts";
import { createAgentRoutes } from "./routes.ts";

export interface AgentsOptions {
  readonly db: Kysely<Database>;
  readonly jobs: Pick<Jobs, "enqueue">;
  readonly locks: Locks;
  readonly now: () => Date;
  readonly newId: () => string;
}

interface RecomputeJob {
  readonly account: string;
}

const RECOMPUTE: Queue<RecomputeJob> = {
  name: "recompute-agents",
  timeoutSeconds: 1_200,
  retries: RETRIES_OF_A_DAY,
  concurrency: 1,
  sharedBy: ({ account }) => account,
};

const FIND: Queue<FindJob> = {
  name: "find-conversations-of-agent",
  timeoutSeconds: 1_200,
  retries: RETRIES_OF_A_DAY,
  concurrency: 1,
  sharedBy: ({ account, userId }) => JSON.stringify([account, userId]),
};

/** Then another job goes on, so that no run is cut off and those of other accounts come between. */
const LONGEST_RUN_MS = 60_000;

export interface AgentsModule extends Module {
  /** For whoever stores conversations: see `associate`. */
  readonly associate: typeof associate;
  /** For whoever stores people: see `noteAgents`. */
  readonly noteAgents: (
    trx: Transaction<Database>,
    account: string,
    people: readonly SeenPerson[],
  ) => Promise<void>;
  /** For whoever learns of an account: the rules in force, at first the default ones, are followed for all that is stored. */
  readonly followRules: (trx: Transaction<Database>, account: string) => Promise<void>;
  readonly routes: RouteHandlers<typeof AGENT_ROUTES>;
}

export function createAgents(options: AgentsOptions): AgentsModule {
  const { db, jobs, locks, now } = options;
  const note = {
    ...options,
    enqueueFind: (trx: Transaction<Database>, job: FindJob) => jobs.enqueue(trx, FIND, job),
  };

  async function recompute(job: RecomputeJob): Promise<void> {
    const until = now().getTime() + LONGEST_RUN_MS;
    while (await recomputePage(options, job.account)) {
      if (now().getTime() < until) continue;
      return db.transaction().execute((trx) => jobs.enqueue(trx, RECOMPUTE, job));
    }
  }

  async function putInForce(
    trx: Transaction<Database>,
    account: string,
    rules: readonly AgentRule[],
  ): Promise<void> {
    const isToDo = await changeRules(trx, locks, { account, rules, now: now() });
    if (isToDo) await jobs.enqueue(trx, RECOMPUTE, { account });
  }

  return {
    associate,
    noteAgents: (trx, account, people) => noteAgents(note, trx, account, people),
    async followRules(trx, account) {
      const known = await readRules(trx, account);
      await putInForce(trx, account, known?.rules ?? DEFAULT_AGENT_RULES);
    },
    routes: createAgentRoutes({ ...options, changeRules: putInForce }),
    workers: [worker(RECOMPUTE, recompute), worker(FIND, (job) => findConversations(options, job))],
  };
}
