/** Whose conversations a question is about: an agent, by all ids that Zendesk has of the person. */
import { sql, type Kysely } from "kysely";
import type { Database } from "#platform/db/schema";

export interface SoughtAgent {
  /** The id that was asked for, and those of the same agent of the directory. */
  readonly ids: readonly string[];
  /** False: the rules were never followed for all that is stored, so associations tell only a part. */
  readonly isAssociated: boolean;
}

export async function findAgent(
  db: Kysely<Database>,
  account: string,
  agentId: string,
): Promise<SoughtAgent> {
  const { rows } = await sql<{ others: string[]; is_associated: boolean }>`
    select array(
      select other.external_id from agent_ids as known
      join agent_ids as other on other.account_id = known.account_id and other.agent_id = known.agent_id
        and other.system = 'zendesk'
      where known.account_id = ${account} and known.system = 'zendesk' and known.external_id = ${agentId}
    ) as others,
    exists (
      select from agent_rules where account_id = ${account} and computed_at is not null
    ) as is_associated`.execute(db);
  const { others = [], is_associated: isAssociated = false } = rows[0] ?? {};
  return { ids: [...new Set([agentId, ...others])], isAssociated };
}
