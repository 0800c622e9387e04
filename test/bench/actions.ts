/** How fast a write action is beside a bare Fastify route, for first deliveries and for repeated ones. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createDatabase } from "../../actions-server/db/databases.ts";
import { openEmbedded } from "../../actions-server/db/embedded.ts";
import { startRedis } from "../support/redis.ts";
import { environment, writeReport } from "./environment.ts";
import { median } from "./measure.ts";
import { Misuse } from "./misuse.ts";
import { findPeers } from "./peers.ts";
import { measureFloor } from "./postgres-floor.ts";
import { growthPerMinute, watchMemory } from "./soak.ts";

export const ACTIONS_HELP = `  actions  record-assignment beside a bare Fastify route and @node-idempotency, 50 connections
    --out FILE     where the JSON goes (default bench-results/actions.json)
    --rounds N     samples of each contender (default 5)
    --seconds N    length of a sample (default 5)
    --soak MINUTES then keeps Postgres + Redis under load that long, and tells how its memory grows (default 0)
`;

/** Found by the manifest beside this file, never a dependency of the project itself. */
const LOAD = "autocannon";
const CONNECTIONS = 50;
const TOKEN = "token-of-the-benchmark";
const SERVER = fileURLToPath(new URL("actions-server.ts", import.meta.url));
/** Keys that repeated deliveries choose from: what is delivered again was delivered shortly before. */
const HOT_KEYS = 1_000;

interface Contender {
  readonly name: string;
  readonly kind: "bare" | "ours" | "peer";
  readonly withRedis: boolean;
}

const CONTENDERS: readonly Contender[] = [
  { name: "bare Fastify", kind: "bare", withRedis: false },
  { name: "Postgres", kind: "ours", withRedis: false },
  { name: "Postgres + Redis", kind: "ours", withRedis: true },
  { name: "@node-idempotency", kind: "peer", withRedis: true },
];

type Delivery = "first" | "repeated";

/** The least ratio to bare that we aim at. */
const AIMS: Readonly<Record<string, Partial<Record<Delivery, number>>>> = {
  Postgres: { first: 0.6 },
  "Postgres + Redis": { first: 0.7, repeated: 0.9 },
};
const AIM_P99 = 3;

/** What autocannon measured in one sample. */
interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Figure {
  readonly contender: string;
  readonly delivery: Delivery;
  readonly samples: Sample[];
}

interface LoadResult {
  readonly requests: { readonly average: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
}
type Autocannon = (options: object) => Promise<LoadResult>;

/** Measures, prints a table and writes every sample. */
export async function runActionsBench(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      out: { type: "string", default: "bench-results/actions.json" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "5" },
      soak: { type: "string", default: "0" },
    },
  });
  const [rounds, seconds] = [toCount(values.rounds), toCount(values.seconds)];
  const soakMinutes = values.soak === "0" ? 0 : toCount(values.soak);
  const { require, versions } = await findPeers();
  const load = require(LOAD) as Autocannon;
  const world = await startWorld();
  try {
    console.log(
      `${CONNECTIONS} connections, ${rounds} samples of ${seconds} s each by turns. Ratios to bare within a round; medians.\n`,
    );
    const floor: number[] = [];
    const figures = await measure(load, world.servers, { rounds, seconds }, async () => {
      floor.push(await measureFloor(world.floorUrl, seconds));
    });
    console.log(table(figures));
    console.log(floorLine(figures, floor));
    const soak = soakMinutes === 0 ? undefined : await runSoak(load, world.servers, soakMinutes);
    await writeReport(values.out, {
      ...environment(),
      plan: { connections: CONNECTIONS, rounds, seconds, hotKeys: HOT_KEYS },
      peers: versions,
      figures: figures.map((figure) => ({ ...figure, ...summary(figure, figures) })),
      floor,
      soak,
    });
    return 0;
  } finally {
    await world.stop();
  }
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new Misuse("--rounds, --seconds and --soak take a whole number above 0.");
  }
  return count;
}

/** Postgres, Redis and every contender, each a process of its own, for as long as the benchmark runs. */
async function startWorld() {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "caseqa-bench-"));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    // As root, Postgres runs as another user, who has to get in.
    await chmod(folder, 0o755);
    const cluster = await openEmbedded(folder);
    stops.push(() => cluster.leave());
    const redis = await startRedis();
    stops.push(() => redis.stop());
    const servers = new Map<Contender, string>();
    let floorUrl = "";
    for (const [index, contender] of CONTENDERS.entries()) {
      const databaseUrl = await createDatabase(cluster.urlOf("postgres"), `bench_${index}`);
      const env = {
        DATABASE_URL: databaseUrl,
        ...(contender.withRedis && { REDIS_URL: redis.url }),
      };
      const server = await startServer(contender, env);
      stops.push(server.stop);
      servers.set(contender, server.url);
      // The tables are those that the server made.
      if (contender.kind === "ours") floorUrl = databaseUrl;
    }
    return { servers, floorUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServer({ kind }: Contender, env: Record<string, string>) {
  const child = spawn(process.execPath, [SERVER, kind], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      RATE_LIMIT_PER_MINUTE: "0",
      SERVER_TOKENS: `bench:${TOKEN}`,
      ZENDESK_URL: "http://127.0.0.1:9",
      ZENDESK_EMAIL: "agent@bench.example",
      ZENDESK_API_TOKEN: "token",
      ZENDESK_ALLOW_API_TOKEN: "true",
      SALESFORCE_LOGIN_URL: "http://127.0.0.1:9",
      SALESFORCE_CLIENT_ID: "id",
      SALESFORCE_CLIENT_SECRET: "secret",
      ...env,
    },
  });
  const exited = once(child, "exit");
  const started = once(createInterface({ input: child.stdout }), "line") as Promise<[string]>;
  const died = exited.then(() => {
    throw new Error(`the contender ${kind} did not start`);
  });
  const [url] = await Promise.race([started, died]);
  died.catch(() => {});
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return { url, stop };
}

async function measure(
  load: Autocannon,
  servers: ReadonlyMap<Contender, string>,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  besides: () => Promise<void>,
): Promise<Figure[]> {
  const figures = [...servers].flatMap(([{ name: contender }, url]) =>
    (["first", "repeated"] as const).map((delivery) => ({
      contender,
      delivery,
      url,
      samples: [] as Sample[],
    })),
  );
  const sampleOf = ({ url, delivery }: (typeof figures)[number]) =>
    sample(load, url, delivery, seconds);
  // To warm up, and so that what is repeated later was delivered once.
  for (const figure of figures) await sampleOf(figure);
  for (let round = 0; round < rounds; round += 1) {
    for (const figure of figures) figure.samples.push(await sampleOf(figure));
    await besides();
  }
  return figures.map(({ url: _url, ...figure }) => figure);
}

async function sample(
  load: Autocannon,
  url: string,
  delivery: Delivery,
  seconds: number,
): Promise<Sample> {
  const keys = `${randomUUID()}:`;
  let sent = 0;
  const result = await load({
    url: `${url}/v1/actions/record-assignment`,
    method: "POST",
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        setupRequest: (request: { headers: object }) => {
          sent += 1;
          const ticket = delivery === "first" ? sent : sent % HOT_KEYS;
          const key = delivery === "first" ? keys + sent : `hot:${ticket}`;
          return {
            ...request,
            headers: {
              "content-type": "application/json",
              authorization: `Bearer ${TOKEN}`,
              "idempotency-key": key,
            },
            body: `{"ticket_id":${ticket + 1},"agent_id":7,"group_id":8,"occurred_at":"2026-11-25T08:00:00Z"}`,
          };
        },
      },
    ],
  });
  if (result.errors + result.timeouts + result.non2xx > 0) {
    throw new Error(`${url} failed under load: ${JSON.stringify(result)}`);
  }
  const { p50, p99 } = result.latency;
  return { perSecond: result.requests.average, p50Ms: p50, p99Ms: p99 };
}

/** How near a first delivery comes to what the database gives on this machine. */
function floorLine(figures: readonly Figure[], floor: readonly number[]): string {
  const ours = figures.find(
    ({ contender, delivery }) => contender === "Postgres" && delivery === "first",
  );
  const ratio = median(
    floor.map((perSecond, round) => (ours?.samples[round]?.perSecond ?? 0) / perSecond),
  );
  const perSecond = Math.round(median(floor)).toLocaleString("en-US");
  return `\nThe same two rows by grouped inserts alone, no server and no check: ${perSecond} a second; Postgres first is ${ratio.toFixed(2)} of it.\n`;
}

/** First and repeated deliveries by turns. */
async function runSoak(load: Autocannon, servers: ReadonlyMap<Contender, string>, minutes: number) {
  const contender = "Postgres + Redis";
  const url = [...servers].find(([{ name }]) => name === contender)?.[1] ?? "";
  let isOver = false;
  const watching = watchMemory(url, () => isOver);
  const endsAt = performance.now() + minutes * 60_000;
  while (performance.now() < endsAt) {
    for (const delivery of ["first", "repeated"] as const) await sample(load, url, delivery, 10);
  }
  isOver = true;
  const samples = await watching;
  const mbPerMinute = growthPerMinute(samples);
  const [first, last] = [samples[0]?.residentMb ?? 0, samples.at(-1)?.residentMb ?? 0];
  console.log(
    `${contender} under load for ${minutes} minutes: ${first.toFixed(0)} MB at first, ${last.toFixed(0)} MB at last, ${mbPerMinute.toFixed(2)} MB a minute after the warm-up.`,
  );
  return { contender, minutes, mbPerMinute, samples };
}

function summary({ contender, delivery, samples }: Figure, figures: readonly Figure[]) {
  const bare = figures.find(
    (figure) => figure.contender === CONTENDERS[0]?.name && figure.delivery === delivery,
  );
  const ratios = (member: keyof Sample) =>
    median(samples.map((sample, round) => sample[member] / (bare?.samples[round]?.[member] ?? 0)));
  const of = (member: keyof Sample) => median(samples.map((sample) => sample[member]));
  return {
    perSecond: of("perSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    ratio: ratios("perSecond"),
    p99Ratio: ratios("p99Ms"),
    aim: AIMS[contender]?.[delivery],
  };
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { perSecond, p50Ms, p99Ms, ratio, p99Ratio, aim } = summary(figure, figures);
    const verdict = aim === undefined ? "" : `${aim} ${ratio >= aim ? "met" : "MISSED"}`;
    const p99Verdict = aim === undefined ? "" : ` ${p99Ratio < AIM_P99 ? "met" : "MISSED"}`;
    return [
      figure.contender,
      figure.delivery,
      Math.round(perSecond).toLocaleString("en-US"),
      p50Ms.toFixed(0),
      p99Ms.toFixed(0),
      ratio.toFixed(2),
      verdict,
      p99Ratio.toFixed(1) + p99Verdict,
    ];
  });
  const head = ["", "delivery", "per second", "p50, ms", "p99, ms", "ratio", "aim", "p99 to bare"];
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
