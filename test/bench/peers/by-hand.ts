/** Fastify and pg by hand: one transaction for each request, with a table of the keys that were handled. */
import { hash } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import type { RecordAssignmentReply } from "../../../contract/actions/record-assignment.ts";
import { applyAssignment } from "./assignment-effect.ts";
import { ACCOUNT, type Perform } from "./peer-app.ts";

/** As our table of records: the same primary key, and an index to forget expired rows by. */
const TABLE = `
  create table if not exists handled_requests (
    account_id  text        not null,
    operation   text        not null,
    key         text        not null,
    fingerprint text        not null,
    expires_at  timestamptz not null,
    answer      text,
    primary key (account_id, operation, key)
  );
  create index if not exists handled_requests_expires_at on handled_requests (expires_at)`;

/** Each is prepared once for each connection. */
const CLAIM = {
  name: "claim",
  text: `
    insert into handled_requests (account_id, operation, key, fingerprint, expires_at)
    values ($1, 'record-assignment', $2, $3, now() + interval '30 days') on conflict do nothing`,
};
const FIND = {
  name: "find",
  text: `
    select fingerprint, answer from handled_requests
    where account_id = $1 and operation = 'record-assignment' and key = $2`,
};
const COMPLETE = {
  name: "complete",
  text: `
    update handled_requests set answer = $3
    where account_id = $1 and operation = 'record-assignment' and key = $2`,
};

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // A connection with an open transaction is not given back.
    client.release(true);
    throw error;
  }
}

/**
 * Whoever comes with a key that another transaction is inserting waits for its end: then the row is there, or the key is
 * free.
 */
export async function openByHand(pool: Pool): Promise<Perform> {
  await pool.query(TABLE);
  return ({ key, body }) => {
    const fingerprint = hash("sha256", JSON.stringify(body), "hex");
    return inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({ ...CLAIM, values: [ACCOUNT, key, fingerprint] });
      if (rowCount === 0) {
        const { rows } = await client.query<{ fingerprint: string; answer: string }>({
          ...FIND,
          values: [ACCOUNT, key],
        });
        const [handled] = rows;
        if (handled?.fingerprint !== fingerprint) return undefined;
        return JSON.parse(handled.answer) as RecordAssignmentReply;
      }
      const answer = await applyAssignment(client, ACCOUNT, key, body);
      await client.query({ ...COMPLETE, values: [ACCOUNT, key, JSON.stringify(answer)] });
      return answer;
    });
  };
}
