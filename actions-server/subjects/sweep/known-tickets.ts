/** What is known here of the tickets of a page: in a few statements for all. */
import { sql, type Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import type { KnownTicket } from "./judge.ts";

/** Jobs that were promised; the queue's tables are its own. */
const OPEN_JOBS = (account: string, ticketIds: readonly string[]) => sql<{
  name: string;
  ticket_id: string;
}>`
  select name, coalesce(data ->> 'ticketId', data -> 'request' ->> 'ticket_id') as ticket_id
  from pgboss.job
  where name in ('finish-capture', 'refresh-conversation', 'resolve-and-link') and state < 'completed' and data ->> 'account' = ${account}
    and coalesce(data ->> 'ticketId', data -> 'request' ->> 'ticket_id') = any(${ticketIds}::text[])`;

const LATEST_ASSIGNMENTS = (account: string, ticketIds: readonly string[]) => sql<{
  ticket_id: string;
  agent_id: string | null;
  group_id: string | null;
  occurred_at: Date;
}>`
  select distinct on (ticket_id) ticket_id, agent_id, group_id, occurred_at
  from qa_assignments
  where account_id = ${account} and ticket_id = any(${ticketIds}::text[])
  order by ticket_id, occurred_at desc, event_order desc`;

export async function readKnownTickets(
  db: Kysely<Database>,
  account: string,
  ticketIds: readonly string[],
): Promise<(ticketId: string) => KnownTicket> {
  if (ticketIds.length === 0) return () => UNKNOWN;
  const conversations = await db
    .selectFrom("qa_conversations")
    .select(["ticket_id", "status", "tags", "custom_fields", "assignee_id", "group_id"])
    .select(["subject", "requester_id", "organization_id", "brand_id", "form_id"])
    .select(["source_updated_at", "deleted_at"])
    .where("account_id", "=", account)
    .where("ticket_id", "in", ticketIds)
    .execute();
  const lookUps = await db
    .selectFrom("case_lookups")
    .select(["ticket_id", "case_id", "case_number", "looked_at"])
    .where("account_id", "=", account)
    .where("ticket_id", "in", ticketIds)
    .execute();
  const assignments = (await LATEST_ASSIGNMENTS(account, ticketIds).execute(db)).rows;
  const jobs = (await OPEN_JOBS(account, ticketIds).execute(db)).rows;

  const known = {
    conversations: new Map(conversations.map((row) => [row.ticket_id, row])),
    lookUps: new Map(lookUps.map((row) => [row.ticket_id, row])),
    assignments: new Map(assignments.map((row) => [row.ticket_id, row])),
    jobs: new Set(jobs.map(({ name, ticket_id }) => `${name} ${ticket_id}`)),
  };
  return (ticketId) => {
    const conversation = known.conversations.get(ticketId);
    const lookUp = known.lookUps.get(ticketId);
    const assignment = known.assignments.get(ticketId);
    return {
      conversation: conversation && {
        status: conversation.status,
        tags: conversation.tags,
        customFields: conversation.custom_fields,
        assigneeId: conversation.assignee_id,
        groupId: conversation.group_id,
        updatedAt: conversation.source_updated_at,
        subject: conversation.subject,
        requesterId: conversation.requester_id,
        organizationId: conversation.organization_id,
        brandId: conversation.brand_id,
        formId: conversation.form_id,
        deletedAt: conversation.deleted_at,
      },
      assignment: assignment && {
        agentId: assignment.agent_id,
        groupId: assignment.group_id,
        occurredAt: assignment.occurred_at,
      },
      lookUp: lookUp && {
        caseId: lookUp.case_id,
        typedNumber: lookUp.case_number,
        lookedAt: lookUp.looked_at,
      },
      awaitsCapture: ["finish-capture", "refresh-conversation"].some((queue) =>
        known.jobs.has(`${queue} ${ticketId}`),
      ),
      awaitsLink: known.jobs.has(`resolve-and-link ${ticketId}`),
    };
  };
}

const UNKNOWN: KnownTicket = {
  conversation: undefined,
  assignment: undefined,
  lookUp: undefined,
  awaitsCapture: false,
  awaitsLink: false,
};
