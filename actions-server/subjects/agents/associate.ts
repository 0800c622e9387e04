/** Keeps a conversation's agents as the rules find them in what is stored of it. */
import type { Transaction } from "kysely";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import { associationsOf } from "./agent-rules.ts";
import { readFacts, type TicketRef } from "./read-facts.ts";

/** `$1` and `$2`: the tickets asked for; then the associations that they are to have. */
const replaceAll = prepare(
  "agents_replace_associations",
  `with given as (
    select account_id, ticket_id, agent_id, string_to_array(rules, ' ') as rules, updated_at
    from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
      as given (account_id, ticket_id, agent_id, rules, updated_at)
  ),
  gone as (
    delete from agent_associations as known
    using (select distinct * from unnest($1::text[], $2::text[])) as asked (account_id, ticket_id)
    where known.account_id = asked.account_id and known.ticket_id = asked.ticket_id
      and not exists (
        select from given
        where given.account_id = known.account_id and given.ticket_id = known.ticket_id
          and given.agent_id = known.agent_id
      )
  )
  insert into agent_associations as known (account_id, ticket_id, agent_id, rules, updated_at)
  select * from given order by account_id, ticket_id, agent_id
  on conflict (account_id, ticket_id, agent_id) do update
    set rules = excluded.rules, updated_at = excluded.updated_at
    where (known.rules, known.updated_at) is distinct from (excluded.rules, excluded.updated_at)`,
);

/**
 * Computes the agents of these tickets' conversations anew, as they are stored at this point of the transaction. A ticket of
 * which no conversation is stored has none. The tickets must be locked until the transaction ends, with those of the account
 * (`lockTickets`): so no rule changes meanwhile.
 */
export async function associate(
  trx: Transaction<Database>,
  tickets: readonly TicketRef[],
): Promise<void> {
  if (tickets.length === 0) return;
  const found = await readFacts(trx, tickets);
  const rows = found.flatMap(({ account, ticketId, updatedAt, facts, rules }) =>
    associationsOf(facts, rules).map((one) => ({ account, ticketId, updatedAt, ...one })),
  );
  await replaceAll(trx, [
    tickets.map(({ account }) => account),
    tickets.map(({ ticketId }) => ticketId),
    rows.map(({ account }) => account),
    rows.map(({ ticketId }) => ticketId),
    rows.map(({ agentId }) => agentId),
    rows.map(({ rules }) => rules.join(" ")),
    rows.map(({ updatedAt }) => updatedAt),
  ]);
}
