/** The directory of agents: one row a person, whatever the systems call him or her. */
import { sql, type Kysely, type Transaction } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import type {
  AgentEntry,
  ExternalId,
  MakeReply,
  NewAgent,
  PartReply,
} from "#contract/routes/agents";
import type { Database } from "#platform/db/schema";
import { storableText } from "#platform/db/storable";

interface AgentRow {
  readonly agent_id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly role: string | null;
  readonly active: boolean | null;
  readonly available: boolean;
  readonly ids: ExternalId[];
}

/**
 * Agents of one account. Of several users of one agent the one counts that is active, then the one that changed last. A user
 * that was merged into another is read as that one.
 */
const entries = (account: string) => sql`
  select a.agent_id, coalesce(a.name, person.name) as name, coalesce(a.email, person.email) as email,
    person.role, person.active, a.available, coalesce(ids.list, '[]') as ids
  from agents as a
  left join lateral (
    select json_agg(json_build_object('system', i.system, 'external_id', i.external_id)
      order by i.system, i.external_id) as list
    from agent_ids as i where i.account_id = a.account_id and i.agent_id = a.agent_id
  ) as ids on true
  left join lateral (
    select p.name, p.email, p.role,
      p.role in ('agent', 'admin') and p.active is not false and p.suspended is not true as active
    from agent_ids as i
    join qa_people as u on u.account_id = i.account_id and u.user_id = i.external_id
    join qa_people as p on p.account_id = i.account_id and p.user_id = coalesce(u.merged_into, u.user_id)
    where i.account_id = a.account_id and i.agent_id = a.agent_id and i.system = 'zendesk'
    order by active desc nulls last, p.updated_at desc, p.user_id limit 1
  ) as person on true
  where a.account_id = ${account}`;

/** In the order of their ids, after one of them. */
export async function listAgents(
  db: Kysely<Database>,
  account: string,
  { after = "", limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ agents: AgentEntry[]; next: string | null }> {
  const { rows } = await sql<AgentRow>`
    ${entries(account)} and a.agent_id > ${after} order by a.agent_id limit ${limit + 1}`.execute(
    db,
  );
  const agents = rows.slice(0, limit);
  return { agents, next: rows.length > limit ? (agents.at(-1)?.agent_id ?? null) : null };
}

export async function readAgent(
  db: Kysely<Database>,
  account: string,
  agentId: string,
): Promise<AgentEntry | undefined> {
  const { rows } = await sql<AgentRow>`
    ${entries(account)} and a.agent_id = ${agentId}`.execute(db);
  return rows[0];
}

const MOST_PROPOSALS = 200;

/** Nobody is joined by an address alone: it may be shared, or have gone to somebody else. */
export async function proposeJoins(db: Kysely<Database>, account: string) {
  const { rows } = await sql<{ email: string; agent_ids: string[] }>`
    select lower(email) as email, array_agg(agent_id order by agent_id) as agent_ids
    from (${entries(account)}) as known
    where email is not null
    group by lower(email) having count(*) > 1
    order by 1 limit ${MOST_PROPOSALS}`.execute(db);
  return rows;
}

/** Changes of the directory of an account come one after the other. Ids that are seen meanwhile are new rows. */
async function lockDirectory(trx: Transaction<Database>, account: string): Promise<void> {
  const name = JSON.stringify(["agents", account]);
  await lockByName(trx, name);
}

interface Change {
  readonly account: string;
  readonly now: Date;
  readonly newId: () => string;
}

export async function makeAgent(
  trx: Transaction<Database>,
  { account, now, newId }: Change,
  { name, email, ids }: NewAgent,
): Promise<MakeReply> {
  await lockDirectory(trx, account);
  for (const id of ids) {
    const by = await holderOf(trx, account, id);
    if (by !== undefined) return { outcome: "taken", id, by };
  }
  const agentId = newId();
  await insertAgent(trx, { account, agentId, now, name, email });
  for (const { system, external_id } of ids) {
    await trx
      .insertInto("agent_ids")
      .values({ account_id: account, system, external_id, agent_id: agentId, joined_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return { outcome: "made", agent: await mustRead(trx, account, agentId) };
}

async function holderOf(db: Kysely<Database>, account: string, id: ExternalId) {
  const row = await db
    .selectFrom("agent_ids")
    .select("agent_id")
    .where("account_id", "=", account)
    .where("system", "=", id.system)
    .where("external_id", "=", id.external_id)
    .executeTakeFirst();
  return row?.agent_id;
}

interface NewRow {
  readonly account: string;
  readonly agentId: string;
  readonly now: Date;
  readonly available?: boolean;
  readonly name?: string;
  readonly email?: string | undefined;
}

async function insertAgent(trx: Transaction<Database>, row: NewRow): Promise<void> {
  await trx
    .insertInto("agents")
    .values({
      account_id: row.account,
      agent_id: row.agentId,
      name: row.name === undefined ? null : storableText(row.name),
      email: row.email === undefined ? null : storableText(row.email),
      available: row.available ?? true,
      made_at: row.now,
    })
    .execute();
}

async function mustRead(db: Kysely<Database>, account: string, agentId: string) {
  const agent = await readAgent(db, account, agentId);
  if (!agent) throw new Error("an agent that was written is not there");
  return agent;
}

/** Undefined: one of the two is not there, so it was perhaps joined before. Joining an agent to itself changes nothing. */
export async function joinAgents(
  trx: Transaction<Database>,
  { account }: Pick<Change, "account">,
  agentId: string,
  otherId: string,
): Promise<AgentEntry | undefined> {
  await lockDirectory(trx, account);
  const [kept, other] = [
    await readAgent(trx, account, agentId),
    await readAgent(trx, account, otherId),
  ];
  if (!kept || !other || agentId === otherId) return kept && other;
  await trx
    .updateTable("agent_ids")
    .set({ agent_id: agentId })
    .where("account_id", "=", account)
    .where("agent_id", "=", otherId)
    .execute();
  await trx
    .deleteFrom("agents")
    .where("account_id", "=", account)
    .where("agent_id", "=", otherId)
    .execute();
  return mustRead(trx, account, agentId);
}

/** Undefined: the agent has no such id. */
export async function partAgent(
  trx: Transaction<Database>,
  { account, now, newId }: Change,
  agentId: string,
  id: ExternalId,
): Promise<PartReply | undefined> {
  await lockDirectory(trx, account);
  const known = await readAgent(trx, account, agentId);
  if (!known || (await holderOf(trx, account, id)) !== agentId) return undefined;
  if (known.ids.length === 1) return { outcome: "only_id" };
  const partedId = newId();
  await insertAgent(trx, { account, agentId: partedId, now, available: known.available });
  await trx
    .updateTable("agent_ids")
    .set({ agent_id: partedId, joined_at: now })
    .where("account_id", "=", account)
    .where("system", "=", id.system)
    .where("external_id", "=", id.external_id)
    .execute();
  return { outcome: "parted", agent: await mustRead(trx, account, partedId) };
}

/** Undefined when the agent does not exist. */
export async function setAvailable(
  db: Kysely<Database>,
  account: string,
  agentId: string,
  available: boolean,
): Promise<AgentEntry | undefined> {
  await db
    .updateTable("agents")
    .set({ available })
    .where("account_id", "=", account)
    .where("agent_id", "=", agentId)
    .execute();
  return readAgent(db, account, agentId);
}
