/** Reads what the rules need to know of some conversations: no more than the rules in force ask for. */
import { sql, type Transaction } from "kysely";
import { DEFAULT_AGENT_RULES, type AgentRule } from "#contract/agents/rules";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import type { AgentFacts, Author, Person } from "./agent-rules.ts";

export interface TicketRef {
  readonly account: string;
  readonly ticketId: string;
}

export interface ConversationFacts extends TicketRef {
  readonly updatedAt: Date;
  readonly rules: readonly AgentRule[];
  readonly facts: AgentFacts;
}

interface ConversationRow {
  readonly account_id: string;
  readonly ticket_id: string;
  readonly assignee_id: string | null;
  readonly requester_id: string | null;
  readonly status: string;
  readonly is_merged: boolean;
  readonly opened_on: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly rules: readonly AgentRule[];
  readonly assignments: readonly { readonly agent_id: string | null; readonly at_ms: number }[];
}

const readConversations = prepare<ConversationRow>(
  "agents_read_conversations",
  `select asked.account_id, asked.ticket_id, c.assignee_id, c.requester_id, c.status,
    c.merged_into is not null as is_merged, c.opened_on::text as opened_on, c.created_at,
    c.source_updated_at as updated_at, coalesce(r.rules, $3::text[]) as rules,
    coalesce((
      select json_agg(json_build_object(
        'agent_id', a.agent_id, 'at_ms', extract(epoch from a.occurred_at) * 1000
      ) order by a.occurred_at, a.event_order)
      from qa_assignments as a
      where a.account_id = asked.account_id and a.ticket_id = asked.ticket_id
    ), '[]') as assignments
  from (select distinct * from unnest($1::text[], $2::text[])) as asked (account_id, ticket_id)
  join qa_conversations as c on c.account_id = asked.account_id and c.ticket_id = asked.ticket_id
  left join agent_rules as r on r.account_id = asked.account_id`,
);

/** Conversations that are not stored are left out. The tickets must be locked. */
export async function readFacts(
  trx: Transaction<Database>,
  tickets: readonly TicketRef[],
): Promise<readonly ConversationFacts[]> {
  const rows = await readConversations(trx, [
    tickets.map(({ account }) => account),
    tickets.map(({ ticketId }) => ticketId),
    DEFAULT_AGENT_RULES,
  ]);
  if (rows.length === 0) return [];
  const authors = await readAuthors(trx, rows);
  const solved = await readSolved(trx, rows);
  const people = await readPeople(trx, rows, { authors, solved });
  return rows.map((row) => ({
    account: row.account_id,
    ticketId: row.ticket_id,
    updatedAt: row.updated_at,
    rules: row.rules,
    facts: {
      assigneeId: row.assignee_id,
      requesterId: row.requester_id,
      status: row.status,
      isMerged: row.is_merged,
      authors: authors.get(keyOf(row)) ?? [],
      assignments: row.assignments.map((one) => ({ agentId: one.agent_id, atMs: one.at_ms })),
      solved: solved.get(keyOf(row)) ?? [],
      people: people.get(row.account_id) ?? new Map<string, Person>(),
    },
  }));
}

interface Found {
  readonly authors: ReadonlyMap<string, readonly Author[]>;
  readonly solved: ReadonlyMap<string, AgentFacts["solved"]>;
}

interface Keyed {
  readonly account_id: string;
  readonly ticket_id: string;
}

const keyOf = (row: Keyed) => JSON.stringify([row.account_id, row.ticket_id]);

function pairsOf(rows: readonly Keyed[]) {
  return sql`unnest(${rows.map((row) => row.account_id)}::text[], ${rows.map((row) => row.ticket_id)}::text[])
    as asked (account_id, ticket_id)`;
}

function grouped<Row extends Keyed, Item>(
  rows: readonly Row[],
  toItem: (row: Row) => Item,
): ReadonlyMap<string, readonly Item[]> {
  const found = new Map<string, Item[]>();
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), toItem(row)]);
  return found;
}

const NO_AUTHORS_NEEDED: ReadonlySet<AgentRule> = new Set([
  "assignee",
  "last_assignee",
  "first_assignee",
  "solver",
]);

interface AuthorRow extends Keyed {
  readonly id: string;
  readonly messages: number;
  readonly public_messages: number;
  readonly first_public: number | null;
  readonly last_public: number | null;
}

/** The months are values of the statement, so that it looks into their partitions only. */
async function readAuthors(
  trx: Transaction<Database>,
  all: readonly ConversationRow[],
): Promise<Found["authors"]> {
  const asked = all.filter(({ rules }) => rules.some((rule) => !NO_AUTHORS_NEEDED.has(rule)));
  if (asked.length === 0) return new Map();
  const months = [...new Set(asked.map((row) => row.opened_on))];
  const { rows } = await sql<AuthorRow>`
    select m.account_id, m.ticket_id, m.author_id as id, count(*)::int as messages,
      count(*) filter (where m.public)::int as public_messages,
      min(m.position) filter (where m.public) as first_public,
      max(m.position) filter (where m.public) as last_public
    from ${pairsOf(asked)}
    join qa_messages as m on m.account_id = asked.account_id and m.ticket_id = asked.ticket_id
      and m.opened_on = any(${months}::date[])
    where m.author_id is not null
    group by m.account_id, m.ticket_id, m.author_id
    order by m.account_id, m.ticket_id, m.author_id`.execute(trx);
  return grouped(rows, (row) => ({
    id: row.id,
    messages: row.messages,
    publicMessages: row.public_messages,
    firstPublic: row.first_public,
    lastPublic: row.last_public,
  }));
}

interface SolvedRow extends Keyed {
  readonly actor_id: string | null;
  readonly occurred_at: Date;
}

/** Nothing happened before the oldest ticket was there: earlier months are not looked into. */
async function readSolved(
  trx: Transaction<Database>,
  all: readonly ConversationRow[],
): Promise<Found["solved"]> {
  const asked = all.filter(({ rules }) => rules.includes("solver"));
  if (asked.length === 0) return new Map();
  const since = new Date(Math.min(...asked.map((row) => row.created_at.getTime())));
  const { rows } = await sql<SolvedRow>`
    select e.account_id, e.ticket_id, e.actor_id, e.occurred_at
    from ${pairsOf(asked)}
    join qa_events as e on e.account_id = asked.account_id and e.ticket_id = asked.ticket_id
      and e.occurred_at >= ${since}
    where e.kind = 'status' and e.data ->> 'status' = 'solved'
    order by e.occurred_at, e.event_key`.execute(trx);
  return grouped(rows, (row) => ({ actorId: row.actor_id, atMs: row.occurred_at.getTime() }));
}

interface PersonRow {
  readonly account_id: string;
  readonly asked: string;
  readonly id: string;
  readonly is_agent: boolean;
}

/** Follows merges of users to the last survivor; a chain that is longer, or goes round, ends somewhere. */
const readPersons = prepare<PersonRow>(
  "agents_read_people",
  `with recursive person (account_id, asked, id, step) as (
    select account_id, user_id, user_id, 0
    from unnest($1::text[], $2::text[]) as given (account_id, user_id)
    union all
    select p.account_id, person.asked, p.merged_into, person.step + 1
    from person join qa_people as p on p.account_id = person.account_id and p.user_id = person.id
    where p.merged_into is not null and person.step < 10
  )
  select distinct on (account_id, asked) account_id, asked, id, exists (
    select from agent_ids as a
    where a.account_id = person.account_id and a.system = 'zendesk' and a.external_id = person.id
  ) as is_agent
  from person order by account_id, asked, step desc`,
);

async function readPeople(
  trx: Transaction<Database>,
  rows: readonly ConversationRow[],
  { authors, solved }: Pick<Found, "authors" | "solved">,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Person>>> {
  const asked = new Map<string, Set<string>>();
  for (const row of rows) {
    const ids = asked.get(row.account_id) ?? new Set();
    const known = [
      row.assignee_id,
      row.requester_id,
      ...row.assignments.map((one) => one.agent_id),
      ...(authors.get(keyOf(row)) ?? []).map((one) => one.id),
      ...(solved.get(keyOf(row)) ?? []).map((one) => one.actorId),
    ];
    for (const id of known) if (id !== null) ids.add(id);
    asked.set(row.account_id, ids);
  }
  const pairs = [...asked].flatMap(([account, ids]) => [...ids].map((id) => ({ account, id })));
  const found = await readPersons(trx, [
    pairs.map(({ account }) => account),
    pairs.map(({ id }) => id),
  ]);
  const people = new Map([...asked.keys()].map((account) => [account, new Map<string, Person>()]));
  for (const { account_id: account, asked: id, id: now, is_agent: isAgent } of found) {
    people.get(account)?.set(id, { id: now, isAgent });
  }
  return people;
}
