/** Keeps tokens sealed in Postgres, one holder at a time over all instances. */
import type { Pool, PoolClient } from "pg";
import { Type } from "typebox";
import { isDatabaseBusy } from "../db/database-errors.ts";
import type { Log } from "../log.ts";
import { replyShape } from "../outbound/reply-shape.ts";
import type { KeyRing } from "./seal.ts";
import type { TokenStore } from "./store.ts";
import { HeldToken } from "./token.ts";

interface PostgresTokenStoreOptions {
  readonly pool: Pool;
  readonly keys: KeyRing;
  /** The host of the remote account or org. */
  readonly account: string;
  readonly provider: "zendesk" | "salesforce";
  /** Names the credential that the tokens come from, such as its hash: those of another one are not used. */
  readonly credential: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** The first half of the advisory locks' numbers; the second is the hash of account and provider. */
const LOCK_SPACE = 7_236_003;
/** Each as long as any lock is waited for (db/connection.ts): together longer than a holder takes for one token. */
const LOCK_ATTEMPTS = 5;

const OF_ACCOUNT = "account_id = $1 and provider = $2";
const KEEP = `
  insert into sealed_tokens (account_id, provider, sealed, updated_at) values ($1, $2, $3, $4)
  on conflict (account_id, provider)
  do update set sealed = excluded.sealed, updated_at = excluded.updated_at`;
const KEEP_AND_FINISH = `with finished as (delete from token_renewals where ${OF_ACCOUNT}) ${KEEP}`;
/** Of a credential's refreshes that did not end, the first one is reported. */
const BEGIN = `
  insert into token_renewals as known (account_id, provider, credential, began_at) values ($1, $2, $3, $4)
  on conflict (account_id, provider) do update set credential = excluded.credential,
    began_at = case when known.credential = excluded.credential then known.began_at else excluded.began_at end`;

const readSealed = replyShape(Type.Object({ credential: Type.String(), token: HeldToken }));

/**
 * The lock is an advisory one of the session, not of a transaction: a token is fetched over the network, and no
 * transaction may stay open meanwhile. Its connection is thrown away afterwards, which frees the lock whatever
 * happened; so does Postgres when the process dies.
 */
export function createPostgresTokenStore(options: PostgresTokenStoreOptions): TokenStore {
  const { pool, keys, account, provider, credential, now, log } = options;
  const context = `${account}:${provider}`;

  async function write(client: PoolClient, statement: string, token: HeldToken): Promise<void> {
    const sealed = keys.seal(JSON.stringify({ credential, token }), context);
    await client.query(statement, [account, provider, sealed, now()]);
  }

  async function readUnfinished(client: PoolClient): Promise<Date | undefined> {
    const { rows } = await client.query<{ began_at: Date }>(
      `select began_at from token_renewals where ${OF_ACCOUNT} and credential = $3`,
      [account, provider, credential],
    );
    return rows[0]?.began_at;
  }

  async function read(client: PoolClient): Promise<HeldToken | undefined> {
    const { rows } = await client.query<{ sealed: string }>(
      `select sealed from sealed_tokens where ${OF_ACCOUNT}`,
      [account, provider],
    );
    const [row] = rows;
    if (!row) return undefined;
    const opened = keys.open(row.sealed, context);
    const found = opened && readSealed(JSON.parse(opened.text));
    if (!found?.ok) {
      log.warn({ account, provider }, "a sealed token cannot be opened; another one is fetched");
      return undefined;
    }
    if (found.value.credential !== credential) return undefined;
    if (opened?.stale) await write(client, KEEP, found.value.token);
    return found.value.token;
  }

  async function lock(client: PoolClient): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.query("select pg_advisory_lock($1, hashtext($2))", [LOCK_SPACE, context]);
        return;
      } catch (error) {
        if (!isDatabaseBusy(error) || attempt === LOCK_ATTEMPTS) throw error;
      }
    }
  }

  return {
    async exclusively(work) {
      const client = await pool.connect();
      client.on("error", (error) => log.warn({ err: error }, "a token's lock was lost"));
      try {
        await lock(client);
        return await work({
          held: await read(client),
          unfinishedSince: await readUnfinished(client),
          begin: async () => {
            await client.query(BEGIN, [account, provider, credential, now()]);
          },
          abandon: async () => {
            await client.query(`delete from token_renewals where ${OF_ACCOUNT}`, [
              account,
              provider,
            ]);
          },
          save: (token) => write(client, KEEP_AND_FINISH, token),
        });
      } finally {
        client.release(true);
      }
    },
  };
}
