/** A store of conversations with their agents, as the server composes it, for one account of a test database. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { AgentRule } from "#contract/agents/rules";
import { ensureMonth } from "#platform/db/months";
import type { Database } from "#platform/db/schema";
import { associate } from "#subjects/agents/associate";
import { findConversations, noteAgents, type FindJob } from "#subjects/agents/note-agents";
import { changeRules, recomputePage } from "#subjects/agents/recompute";
import { createRecordAssignment } from "#subjects/conversations/assignments";
import { createStoreConversation } from "#subjects/conversations/store-conversation";
import { mergeConversation } from "#subjects/conversations/merge";
import { recordDeletion } from "#subjects/conversations/record-deletion";
import { lockMerges, lockTickets } from "#subjects/conversations/ticket-lock";
import {
  commentRow,
  conversationOf,
  ticketWithUsers,
  userRow,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { runCommit } from "../../../../support/run-commit.ts";

const NOON_MS = Date.parse("2026-11-20T12:00:00Z");
const now = () => new Date(NOON_MS + 3_600_000);
const at = (second: number) => new Date(NOON_MS + second * 1_000).toISOString();

export interface Captured {
  readonly second: number;
  readonly assignee?: number | null;
  readonly requester?: number;
  readonly status?: string;
  /** Author, and whether the message is public. */
  readonly messages?: readonly (readonly [number, boolean])[];
  /** Those with the role of an agent; other authors are end users. */
  readonly agents?: readonly number[];
}

export function openAgentStore(db: Kysely<Database>, account: string) {
  const locks = { tickets: lockTickets, account: lockMerges };
  const jobs: FindJob[] = [];
  let ids = 0;
  const note = {
    newId: () => `agent-${(ids += 1)}`,
    now,
    enqueueFind: async (_trx: Transaction<Database>, job: FindJob) => void jobs.push(job),
  };
  const store = createStoreConversation({
    agents: {
      associate,
      noteAgents: (trx, ofAccount, people) => noteAgents(note, trx, ofAccount, people),
    },
    storeAttributes: async () => {},
  });
  const recordAssignment = createRecordAssignment({ now, associate });
  const commit = async (work: Parameters<typeof runCommit>[0]) =>
    db.transaction().execute((trx) => runCommit(work, trx));

  return {
    jobs,
    capture: (ticketId: number, told: Captured) =>
      db.transaction().execute((trx) => {
        const { second, messages = [], agents = [] } = told;
        const authors = [...new Set([...messages.map(([id]) => id), ...agents])];
        const users = authors.map((id) => ({
          ...userRow,
          id,
          role: agents.includes(id) ? "agent" : "end-user",
          updated_at: at(second),
        }));
        const ticket = {
          id: ticketId,
          updated_at: at(second),
          created_at: at(0),
          status: told.status ?? "open",
          assignee_id: told.assignee ?? null,
          requester_id: told.requester ?? 5,
        };
        const comments = messages.map(([author_id, isPublic], place) =>
          commentRow(place + 1, { author_id, public: isPublic, created_at: at(place) }),
        );
        return store(trx, account, {
          conversation: conversationOf(ticketWithUsers(ticket, users), comments),
          caseId: undefined,
          observedAt: now(),
          capturedAt: now(),
        });
      }),
    assign: async (ticketId: number, agentId: number | null, second: number) =>
      commit(
        await recordAssignment(
          { ticket_id: ticketId, agent_id: agentId, group_id: null, occurred_at: at(second) },
          { account, idempotencyKey: `A:${ticketId}:${second}:${agentId}` },
        ),
      ),
    merge: async (ticketId: number, targetId: number) =>
      commit(
        await mergeConversation(
          { now, associate },
          { ticket_id: ticketId, target_ticket_id: targetId },
          { account },
        ),
      ),
    remove: async (ticketId: number, state: "deleted" | "erased", second: number) =>
      commit(
        await recordDeletion(
          {
            now,
            enqueueCapture: async () => {},
            forgetTicket: (trx, ofAccount, id) =>
              associate(trx, [{ account: ofAccount, ticketId: id }]),
          },
          { ticket_id: ticketId, state, occurred_at: at(second) },
          { account, requestId: "r", idempotencyKey: `D:${ticketId}:${second}` },
        ),
      ),
    /** As an event or an audit that says when a ticket became solved. */
    solve: (ticketId: number, actorId: number | null, second: number) =>
      db.transaction().execute(async (trx) => {
        await ensureMonth(trx, "qa_events", new Date(at(second)));
        await lockTickets(trx, [{ account, ticketId: String(ticketId) }]);
        await trx
          .insertInto("qa_events")
          .values({
            account_id: account,
            ticket_id: String(ticketId),
            occurred_at: new Date(at(second)),
            event_key: `S:${second}`,
            kind: "status",
            actor_id: actorId === null ? null : String(actorId),
            data: JSON.stringify({ status: "solved" }),
            recorded_at: now(),
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await associate(trx, [{ account, ticketId: String(ticketId) }]);
      }),
    change: (rules: readonly AgentRule[]) =>
      db.transaction().execute((trx) => changeRules(trx, locks, { account, rules, now: now() })),
    page: () => recomputePage({ db, locks, now }, account),
    find: (job: FindJob) => findConversations({ db, locks }, job),
    /** Does every job that is open. */
    async settle(): Promise<void> {
      for (const job of jobs.splice(0)) await findConversations({ db, locks }, job);
      while (await recomputePage({ db, locks, now }, account));
    },
    /** `ticket agent rule`, in order. */
    async associations(): Promise<string[]> {
      const rows = await db
        .selectFrom("agent_associations")
        .selectAll()
        .where("account_id", "=", account)
        .execute();
      return rows
        .flatMap((row) => row.rules.map((rule) => `${row.ticket_id} ${row.agent_id} ${rule}`))
        .toSorted();
    },
    /** Throws all associations away and computes them from what is stored. */
    async fromScratch(): Promise<void> {
      await sql`delete from agent_associations where account_id = ${account}`.execute(db);
      const rows = await db
        .selectFrom("qa_conversations")
        .select("ticket_id")
        .where("account_id", "=", account)
        .execute();
      const tickets = rows.map(({ ticket_id: ticketId }) => ({ account, ticketId }));
      await db.transaction().execute((trx) => associate(trx, tickets));
    },
  };
}
