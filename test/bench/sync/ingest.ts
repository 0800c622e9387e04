/** How many events a second are stored that need no call to Zendesk or Salesforce, and how fast each. */
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { createDatabase } from "../../../actions-server/platform/db/databases.ts";
import { startContender, TOKEN } from "../contender-process.ts";
import { withPostgres } from "./bench-postgres.ts";
import { atRate, quantile, type Part } from "./part.ts";

const SERVER = fileURLToPath(new URL("../actions-server.ts", import.meta.url));
const PER_SECOND = 500;
const CONNECTIONS = 50;

/** Four of five are assignments, the others deletions and their ends. */
function eventOf(index: number) {
  const ticket_id = index + 1;
  const occurred_at = new Date().toISOString();
  return index % 5 === 4
    ? { action: "record-deletion", body: { ticket_id: index, state: "deleted", occurred_at } }
    : { action: "record-assignment", body: { ticket_id, agent_id: 7, group_id: 8, occurred_at } };
}

export const ingest: Part = {
  name: "ingest",
  about: `record-assignment and record-deletion, ${PER_SECOND} a second`,
  run: ({ seconds }) =>
    withPostgres(async (adminUrl) => {
      const databaseUrl = await createDatabase(adminUrl, "bench_ingest");
      const server = await startContender({ file: SERVER, kind: "ours", databaseUrl });
      const pool = new Pool(server.url, { connections: CONNECTIONS });
      try {
        const keys = randomUUID();
        const send = (latencies: number[]) => async (index: number, dueMs: number) => {
          const { action, body } = eventOf(index);
          const reply = await pool.request({
            method: "POST",
            path: `/v1/actions/${action}`,
            headers: {
              authorization: `Bearer ${TOKEN}`,
              "content-type": "application/json",
              "idempotency-key": `${keys}:${latencies === warm}:${index}`,
            },
            body: JSON.stringify(body),
          });
          const text = await reply.body.text();
          if (reply.statusCode !== 200) throw new Error(`${action}: ${reply.statusCode} ${text}`);
          latencies.push(performance.now() - dueMs);
        };
        const warm: number[] = [];
        await atRate(PER_SECOND / 2, 5, send(warm));
        const latencies: number[] = [];
        const { tookMs } = await atRate(PER_SECOND, seconds, send(latencies));
        return {
          figures: [
            {
              what: "stored",
              value: (latencies.length * 1_000) / tookMs,
              unit: "a second",
              aim: { least: PER_SECOND * 0.98 },
            },
            { what: "p50", value: quantile(latencies, 0.5), unit: "ms" },
            { what: "p99", value: quantile(latencies, 0.99), unit: "ms" },
          ],
          raw: { latencies },
        };
      } finally {
        await pool.close();
        await server.stop();
      }
    }),
};
