/** How fast reviewers' pages are answered when there are a million conversations. */
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { Pool } from "undici";
import { createDatabase } from "../../../actions-server/platform/db/databases.ts";
import { startContender, TOKEN } from "../contender-process.ts";
import { withPostgres } from "./bench-postgres.ts";
import { quantile, type Part } from "./part.ts";

const SERVER = fileURLToPath(new URL("../actions-server.ts", import.meta.url));
const AIM_MS = 50;
const MONTHS = 36;
const SAMPLES = 200;
const WORDS = 5_000;

const PARTITIONS = `
do $$
declare month date; name text;
begin
  for month in select generate_series(date '2023-11-01', date '2026-12-01', interval '1 month')::date loop
    name := 'qa_messages_' || to_char(month, 'YYYY_MM');
    if to_regclass(name) is null then
      execute format('create table %I partition of qa_messages for values from (%L) to (%L)', name, month, month + interval '1 month');
    end if;
  end loop;
end $$`;

/** Word n of the vocabulary is as frequent as in speech: the first in most messages, the last in hardly any. */
const FILL = `
with made as materialized (
  select n, (900000 + n)::text as ticket_id,
    timestamptz '2023-12-01Z' + (n::double precision / $1) * interval '${MONTHS - 1} months' as created_at
  from generate_series($2::int, $3::int) as n
), stored as (
  insert into qa_conversations (account_id, ticket_id, subject, status, channel, requester_id, assignee_id, group_id, tags,
    custom_fields, created_at, source_updated_at, observed_at, captured_at, captures, message_count)
  select 'bench', ticket_id, 'Order ' || n, (array['solved', 'closed', 'closed', 'closed'])[1 + n % 4],
    (array['email', 'web', 'chat', 'voice'])[1 + (n / 20) % 4], (10000000 + n % 200000)::text, (7000 + n % 300)::text, (80 + n % 20)::text,
    array['tag_' || n % 50, 'rare_' || n % 20000],
    jsonb_build_array(jsonb_build_object('id', '360001', 'value', 'option_' || n % 12)),
    created_at, created_at + interval '2 days', now(), now(), 1, 3
  from made
), said as materialized (
  select made.*, position, (
    select string_agg('word' || floor(${WORDS} ^ random())::int, ' ')
    from generate_series(1, 12 + 0 * n + 0 * position)) as body
  from made, generate_series(1, 3) as position
)
insert into qa_messages (account_id, opened_on, ticket_id, comment_id, kind, author_id, public, body, channel, attachments,
  created_at, position, search)
select 'bench', date_trunc('month', created_at at time zone 'UTC')::date, ticket_id, ticket_id || position, 'comment',
  (7000 + n % 300)::text, true, body, 'email', '[]', created_at + position * interval '1 hour', position,
  to_tsvector('simple', body)
from said`;

async function fill(databaseUrl: string, conversations: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("set synchronous_commit = off");
    await client.query("set gin_pending_list_limit = '256MB'");
    await client.query(PARTITIONS);
    const step = 50_000;
    for (let from = 1; from <= conversations; from += step) {
      const to = Math.min(conversations, from + step - 1);
      await client.query(FILL, [conversations, from, to]);
    }
    await client.query("vacuum (analyze) qa_conversations");
    await client.query("vacuum (analyze) qa_messages");
  } finally {
    await client.end();
  }
}

/** Each question with values that differ from one sample to the next. */
const questions = (conversations: number): Readonly<Record<string, (n: number) => string>> => ({
  "list, newest": () => "/v1/conversations?limit=50",
  "list of an agent": (n) => `/v1/conversations?agent=${7_000 + (n % 300)}`,
  "list of a group and a channel": (n) => `/v1/conversations?group=${80 + (n % 20)}&channel=email`,
  "list of a frequent tag": (n) => `/v1/conversations?tag=tag_${n % 50}`,
  "list of a rare tag": (n) => `/v1/conversations?tag=rare_${(n * 97) % 20_000}`,
  "list of a field's value": (n) => `/v1/conversations?field=360001:option_${n % 12}`,
  "search, a rare word": (n) => `/v1/conversations?text=word${4_000 + ((n * 37) % 1_000)}`,
  "search, a usual word": (n) => `/v1/conversations?text=word${100 + ((n * 37) % 400)}`,
  "search, a frequent word": (n) => `/v1/conversations?text=word${1 + (n % 10)}`,
  "search, two words": (n) => `/v1/conversations?text=word${1 + (n % 50)}%20word${200 + (n % 700)}`,
  "search of an agent": (n) =>
    `/v1/conversations?agent=${7_000 + (n % 300)}&text=word${20 + (n % 100)}`,
  "one conversation": (n) => `/v1/conversations/${900_001 + ((n * 7_919) % conversations)}`,
});

export const reads: Part = {
  name: "reads",
  about: "list, full-text search and one conversation",
  run: ({ conversations }) =>
    withPostgres(async (adminUrl) => {
      const databaseUrl = await createDatabase(adminUrl, "bench_reads");
      const server = await startContender({ file: SERVER, kind: "ours", databaseUrl });
      const pool = new Pool(server.url, { connections: 4 });
      const raw: Record<string, number[]> = {};
      try {
        const beganMs = performance.now();
        await fill(databaseUrl, conversations);
        console.log(
          `  ${conversations.toLocaleString("en-US")} conversations filled in ${Math.round((performance.now() - beganMs) / 1_000)} s`,
        );
        for (const [what, pathOf] of Object.entries(questions(conversations))) {
          const times: number[] = [];
          for (let n = 0; n < SAMPLES + 20; n += 1) {
            const askedMs = performance.now();
            const reply = await pool.request({
              method: "GET",
              path: pathOf(n),
              headers: { authorization: `Bearer ${TOKEN}` },
            });
            const text = await reply.body.text();
            if (reply.statusCode !== 200) times.push(Number.POSITIVE_INFINITY);
            else if (n >= 20) times.push(performance.now() - askedMs);
            if (reply.statusCode !== 200 && n < 1) console.log(`  ${what}: ${text.slice(0, 200)}`);
            // A question that is far too slow need not be asked two hundred times.
            if (times.reduce((sum, ms) => sum + ms, 0) > 30_000) break;
          }
          raw[what] = times;
        }
        return {
          figures: Object.entries(raw).flatMap(([what, times]) => [
            { what: `${what}, p50`, value: quantile(times, 0.5), unit: "ms" },
            {
              what: `${what}, p99`,
              value: quantile(times, 0.99),
              unit: "ms",
              aim: { most: AIM_MS },
            },
          ]),
          raw,
        };
      } finally {
        await pool.close();
        await server.stop();
      }
    }),
};
