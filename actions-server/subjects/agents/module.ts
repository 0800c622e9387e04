/** Agents: whose conversations are whose, and who the agents are. */
import type { Kysely, Transaction } from "kysely";
import type { AgentRule } from "#contract/agents/rules";
import type { Database } from "#platform/db/schema";
import { RETRIES_OF_A_DAY, worker, type Jobs, type Queue } from "#platform/jobs/queue";
import type { Module } from "#platform/module";
import { associate } from "./associate.ts";
import { findConversations, noteAgents, type FindJob, type SeenPerson } from "./note-agents.ts";
import { changeRules, recomputePage, type Locks } from "./recompute.ts";

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
  /** Puts rules in force with the transaction; a job computes what was stored before. */
  readonly changeRules: (
    trx: Transaction<Database>,
    account: string,
    rules: readonly AgentRule[],
  ) => Promise<void>;
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

  return {
    associate,
    noteAgents: (trx, account, people) => noteAgents(note, trx, account, people),
    async changeRules(trx, account, rules) {
      const isToDo = await changeRules(trx, locks, { account, rules, now: now() });
      if (isToDo) await jobs.enqueue(trx, RECOMPUTE, { account });
    },
    workers: [worker(RECOMPUTE, recompute), worker(FIND, (job) => findConversations(options, job))],
  };
}
