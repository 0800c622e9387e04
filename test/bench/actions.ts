/** How fast a write action is beside a bare Fastify route and what one would build instead, for first and repeated deliveries. */
import { UsageError } from "../../zis/terminal/usage-error.ts";
import type { Command } from "commander";
import { wholeNumber } from "../../zis/terminal/command-line.ts";
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createDatabase } from "../../actions-server/platform/db/databases.ts";
import { openEmbedded } from "../../actions-server/platform/db/embedded.ts";
import { startRedis } from "../support/redis.ts";
import {
  BARE,
  BY_HAND,
  NODE_IDEMPOTENCY,
  summary,
  toTable,
  toVerdicts,
  type Delivery,
  type Figure,
  type Sample,
} from "./actions-figures.ts";
import { startContender, TOKEN, type ContenderProcess } from "./contender-process.ts";
import { environment, writeReport } from "./environment.ts";
import { median } from "./measure.ts";
import { findPeers } from "./peers.ts";
import { measureFloor } from "./postgres-floor.ts";
import { watchPostgresCpu } from "./process-cpu.ts";
import { growthPerMinute, watchMemory } from "./soak.ts";

export interface ActionsOptions {
  readonly out: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly only?: string;
  readonly before?: string;
  readonly profile?: string;
  readonly soak: number;
}

export function declareActions(command: Command): Command {
  return command
    .description(
      `record-assignment beside a bare route, Fastify and pg by hand, and @node-idempotency; ${CONNECTIONS} connections`,
    )
    .option("--rounds <N>", "samples of each contender", wholeNumber(1, 1_000), 5)
    .option("--seconds <N>", "length of a sample", wholeNumber(1, 3_600), 5)
    .option("--only <NAMES>", "these contenders only, by name, with commas between (default: all)")
    .option(
      "--before <DIR>",
      "also our server as it is in another checkout, for the effect of a change",
    )
    .option(
      "--profile <DIR>",
      "write a CPU profile of each contender there; the figures are worse for it",
    )
    .option(
      "--soak <MINUTES>",
      "then keep Postgres + Redis under load that long, and say how its memory grows",
      wholeNumber(0, 10_000),
      0,
    );
}

/** Found by the manifest beside this file, never a dependency of the project itself. */
const LOAD = "autocannon";
const CONNECTIONS = 50;
/** Keys that repeated deliveries choose from: what is delivered again was delivered shortly before. */
const HOT_KEYS = 1_000;
const SERVER = fileURLToPath(new URL("actions-server.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const POSTGRES = "Postgres";
const WITH_REDIS = "Postgres + Redis";

interface Contender {
  readonly name: string;
  readonly kind: "bare" | "ours" | "by-hand" | "node-idempotency";
  readonly withRedis: boolean;
  /** The file that is run as it. */
  readonly file: string;
}

function listContenders(only: string | undefined, before: string | undefined): Contender[] {
  const oursIn = (file: string, suffix: string): Contender[] => [
    { name: POSTGRES + suffix, kind: "ours", withRedis: false, file },
    { name: WITH_REDIS + suffix, kind: "ours", withRedis: true, file },
  ];
  const serverOf = (folder: string) => join(resolve(folder), relative(ROOT, SERVER));
  const all: Contender[] = [
    { name: BARE, kind: "bare", withRedis: false, file: SERVER },
    ...oursIn(SERVER, ""),
    ...(before === undefined ? [] : oursIn(serverOf(before), ", before")),
    { name: BY_HAND, kind: "by-hand", withRedis: false, file: SERVER },
    { name: NODE_IDEMPOTENCY, kind: "node-idempotency", withRedis: true, file: SERVER },
  ];
  const names = only?.split(",") ?? all.map(({ name }) => name);
  const chosen = all.filter(({ name }) => names.includes(name));
  if (chosen.length < names.length) {
    throw new UsageError(`--only takes names of ${all.map(({ name }) => name).join(", ")}.`);
  }
  return chosen;
}

interface LoadResult {
  readonly requests: { readonly average: number; readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
}
type Autocannon = (options: object) => Promise<LoadResult>;

/** Measures, prints a table and writes every sample. */
export async function runActionsBench(options: ActionsOptions): Promise<number> {
  const { rounds, seconds, soak: soakMinutes } = options;
  const contenders = listContenders(options.only, options.before);
  const { require, versions } = await findPeers();
  const load = require(LOAD) as Autocannon;
  const world = await startWorld(contenders, options.profile);
  try {
    console.log(
      `${CONNECTIONS} connections, ${rounds} samples of ${seconds} s each by turns. Ratios within a round; medians.\n`,
    );
    const floor: number[] = [];
    const figures = await measure(load, world, { rounds, seconds }, async () => {
      if (world.floorUrl !== undefined) floor.push(await measureFloor(world.floorUrl, seconds));
    });
    console.log(toTable(figures));
    const verdicts = toVerdicts(figures, [POSTGRES, WITH_REDIS]);
    for (const { contender, delivery, peer, ratio, least, met } of verdicts) {
      const verdict = `aim ${least}, ${met ? "met" : "MISSED"}`;
      console.log(`${contender}, ${delivery}: ${ratio.toFixed(2)} of ${peer} (${verdict})`);
    }
    console.log(floorLine(figures, floor));
    const soak = soakMinutes === 0 ? undefined : await runSoak(load, world, soakMinutes);
    await writeReport(options.out, {
      ...environment(),
      plan: { connections: CONNECTIONS, rounds, seconds, hotKeys: HOT_KEYS },
      peers: versions,
      figures: figures.map((figure) => ({ ...figure, ...summary(figure, figures) })),
      aims: verdicts,
      floor,
      soak,
    });
    return 0;
  } finally {
    await world.stop();
  }
}

interface World {
  readonly servers: ReadonlyMap<string, ContenderProcess>;
  /** A database with our tables; undefined: none of ours runs. */
  readonly floorUrl: string | undefined;
  readonly postgresCpuMs: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Postgres, Redis and every contender, each a process of its own, for as long as the benchmark runs. */
async function startWorld(
  contenders: readonly Contender[],
  profileFolder: string | undefined,
): Promise<World> {
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
    // Ours may forget; the peer has nothing else that says what was done.
    const durable = await startRedis({ isDurable: true });
    stops.push(() => durable.stop());
    const servers = new Map<string, ContenderProcess>();
    let floorUrl: string | undefined;
    for (const [index, { name, kind, withRedis, file }] of contenders.entries()) {
      const databaseUrl = await createDatabase(cluster.urlOf("postgres"), `bench_${index}`);
      const { url } = kind === "node-idempotency" ? durable : redis;
      const redisUrl = withRedis ? url : undefined;
      const server = await startContender({ file, kind, databaseUrl, redisUrl, profileFolder });
      stops.push(server.stop);
      servers.set(name, server);
      // The tables are those that the server made.
      if (kind === "ours") floorUrl = databaseUrl;
    }
    const postgresCpuMs = await watchPostgresCpu(cluster.urlOf("postgres"));
    return { servers, floorUrl, postgresCpuMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function measure(
  load: Autocannon,
  { servers, postgresCpuMs }: World,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  besides: () => Promise<void>,
): Promise<Figure[]> {
  const figures = [...servers].flatMap(([contender, server]) =>
    (["first", "repeated"] as const).map((delivery) => ({
      contender,
      delivery,
      server,
      samples: [] as Sample[],
    })),
  );
  const sampleOf = async ({ server, delivery }: (typeof figures)[number]): Promise<Sample> => {
    const [serverBefore, postgresBefore] = [await server.cpuMs(), await postgresCpuMs()];
    const { requests, latency } = await deliver(load, server.url, delivery, seconds);
    const perRequest = (ms: number) => (ms * 1000) / requests.total;
    return {
      perSecond: requests.average,
      p50Ms: latency.p50,
      p99Ms: latency.p99,
      serverCpuUs: perRequest((await server.cpuMs()) - serverBefore),
      postgresCpuUs: perRequest((await postgresCpuMs()) - postgresBefore),
    };
  };
  // To warm up, and so that what is repeated later was delivered once.
  for (const figure of figures) await sampleOf(figure);
  for (let round = 0; round < rounds; round += 1) {
    for (const figure of figures) figure.samples.push(await sampleOf(figure));
    await besides();
  }
  return figures.map(({ server: _server, ...figure }) => figure);
}

async function deliver(
  load: Autocannon,
  url: string,
  delivery: Delivery,
  seconds: number,
): Promise<LoadResult> {
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
  return result;
}

/** How near a first delivery comes to what the database gives on this machine. */
function floorLine(figures: readonly Figure[], floor: readonly number[]): string {
  const ours = figures.find(
    ({ contender, delivery }) => contender === POSTGRES && delivery === "first",
  );
  const ratio = median(
    floor.map((perSecond, round) => (ours?.samples[round]?.perSecond ?? 0) / perSecond),
  );
  const perSecond = Math.round(median(floor)).toLocaleString("en-US");
  return `\nThe same two rows by grouped inserts alone, no server and no check: ${perSecond} a second; Postgres first is ${ratio.toFixed(2)} of it.\n`;
}

/** First and repeated deliveries by turns. */
async function runSoak(load: Autocannon, { servers }: World, minutes: number) {
  const contender = WITH_REDIS;
  const url = servers.get(contender)?.url ?? "";
  let isOver = false;
  const watching = watchMemory(url, () => isOver);
  const endsAt = performance.now() + minutes * 60_000;
  while (performance.now() < endsAt) {
    for (const delivery of ["first", "repeated"] as const) await deliver(load, url, delivery, 10);
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
