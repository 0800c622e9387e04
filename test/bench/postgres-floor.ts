/** What Postgres can do on this machine when nobody but the benchmark is in between: the two rows of a first delivery. */
import { randomUUID } from "node:crypto";
import { Pool } from "pg";

/** As many as the load has connections, in transactions of half of them. */
const LANES = 2;
const ROWS = 25;

const INSERT_RECORDS = `
  insert into idempotency_records
    (account_id, operation, key, fingerprint, lease_until, expires_at, status, body, fence, state)
  select 'floor', 'record-assignment', key, repeat('f', 64), now(), now() + interval '30 days', 200,
    '{"outcome":"recorded","ticket_id":"1","current":true}', nextval('idempotency_fence'), 'completed'
  from unnest($1::text[]) as key`;
const INSERT_ASSIGNMENTS = `
  insert into qa_assignments
    (account_id, ticket_id, event_key, event_order, agent_id, group_id, occurred_at, recorded_at)
  select 'floor', key, key, key, '7', '8', now(), now() from unnest($1::text[]) as key`;

async function fill(pool: Pool, isOver: () => boolean): Promise<number> {
  const client = await pool.connect();
  let rows = 0;
  try {
    while (!isOver()) {
      const keys = Array.from({ length: ROWS }, () => randomUUID());
      await client.query("begin");
      await client.query(INSERT_RECORDS, [keys]);
      await client.query(INSERT_ASSIGNMENTS, [keys]);
      await client.query("commit");
      rows += ROWS;
    }
  } finally {
    client.release();
  }
  return rows;
}

/** First deliveries a second, were there no server: durable, grouped, with no check of anything. */
export async function measureFloor(databaseUrl: string, seconds: number): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl, max: LANES });
  try {
    const began = performance.now();
    const isOver = () => performance.now() - began > seconds * 1000;
    const rows = await Promise.all(Array.from({ length: LANES }, () => fill(pool, isOver)));
    const took = (performance.now() - began) / 1000;
    return rows.reduce((sum, each) => sum + each, 0) / took;
  } finally {
    await pool.end();
  }
}
