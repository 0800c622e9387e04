/** Keeps tokens sealed in Postgres, one holder at a time over all instances. */
import type { Pool, PoolClient } from "pg";
import { Type } from "typebox";
import type { Log } from "../handlers.ts";
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
/** Longer than a holder takes for one token. */
const LOCK_TIMEOUT_MS = 10_000;

const readSealed = replyShape(Type.Object({ credential: Type.String(), token: HeldToken }));

/**
 * The lock is an advisory one of the session, not of a transaction: a token is fetched over the network, and no
 * transaction may stay open meanwhile. Its connection is thrown away afterwards, which frees the lock whatever
 * happened; so does Postgres when the process dies.
 */
export function createPostgresTokenStore(options: PostgresTokenStoreOptions): TokenStore {
  const { pool, keys, account, provider, credential, now, log } = options;
  const context = `${account}:${provider}`;

  async function write(client: PoolClient, token: HeldToken): Promise<void> {
    const sealed = keys.seal(JSON.stringify({ credential, token }), context);
    await client.query(
      `insert into sealed_tokens (account_id, provider, sealed, updated_at) values ($1, $2, $3, $4)
       on conflict (account_id, provider)
       do update set sealed = excluded.sealed, updated_at = excluded.updated_at`,
      [account, provider, sealed, now()],
    );
  }

  async function read(client: PoolClient): Promise<HeldToken | undefined> {
    const { rows } = await client.query<{ sealed: string }>(
      "select sealed from sealed_tokens where account_id = $1 and provider = $2",
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
    if (opened?.stale) await write(client, found.value.token);
    return found.value.token;
  }

  return {
    async exclusively(work) {
      const client = await pool.connect();
      // A connection that breaks while nothing is asked of it would end the process.
      client.on("error", (error) => log.warn({ err: error }, "a token's lock was lost"));
      try {
        await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await client.query("select pg_advisory_lock($1, hashtext($2))", [LOCK_SPACE, context]);
        return await work({
          held: await read(client),
          save: (token) => write(client, token),
        });
      } finally {
        client.release(true);
      }
    },
  };
}
