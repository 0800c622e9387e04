/** Plays many histories and reports on them: which seeds, which kills, what went wrong. */
import { writeFile } from "node:fs/promises";
import { startBacking, type Backing } from "./backing.ts";
import { startFleet } from "./fleet.ts";
import { judge, type Violation } from "./judge.ts";
import {
  CRASH_POINTS,
  planHistory,
  type Cluster,
  type CrashPoint,
  type History,
  type Trouble,
} from "./plan.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import { startPlatforms, type Platforms } from "./platforms.ts";
import { storeCaseLinkWebhook } from "#test/support/inbound-webhooks";
import { play, tokenOf } from "./play.ts";

interface Tally {
  readonly kills: Record<CrashPoint, number>;
  /** Histories by what broke in them. */
  readonly troubles: Partial<Record<Trouble, number>>;
  /** Servers that were started again because the database was away. */
  failedStarts: number;
  readonly violations: Violation[];
}

export interface FaultReport extends Tally {
  readonly histories: number;
  readonly seeds: readonly number[];
}

const CLUSTERS: readonly Cluster[] = [
  { servers: 1, redis: false },
  { servers: 3, redis: false },
  { servers: 1, redis: true },
  { servers: 3, redis: true },
];

/** Which servers a history is played against; without Redis half of the clusters fall away. */
function clusterOf(seed: number, hasRedis: boolean): Cluster {
  const possible = CLUSTERS.filter(({ redis }) => hasRedis || !redis);
  return possible[Math.floor(seed / CRASH_POINTS.length) % possible.length] ?? possible[0]!;
}

const nameOf = ({ servers, redis }: Cluster) => `${servers} ${redis}`;

interface Ground {
  readonly backing: Backing;
  readonly platforms: Platforms;
}

async function playAll(
  { backing, platforms }: Ground,
  histories: readonly History[],
  bug: PlantedBug | undefined,
  tally: Tally,
): Promise<void> {
  const [first] = histories;
  if (!first) return;
  const { servers, redis } = first.cluster;
  const tokens = Object.fromEntries(histories.map(({ account }) => [account, tokenOf(account)]));
  const fleet = startFleet(servers, {
    ...platforms.env,
    DATABASE_URL: backing.postgres.databaseUrl,
    SERVER_TOKENS: JSON.stringify(tokens),
    ...(redis && backing.redis && { REDIS_URL: backing.redis.url }),
    ...(bug && { PLANTED_BUG: bug }),
  });
  try {
    await fleet.ready();
    for (const history of histories) {
      await storeCaseLinkWebhook(
        backing.postgres.database.db,
        history.account,
        platforms.env["ZENDESK_URL"] ?? "",
      );
      const { outcome, kills } = await play({ fleet, backing, platforms }, history);
      for (const point of kills) tally.kills[point] += 1;
      tally.troubles[history.trouble.kind] = (tally.troubles[history.trouble.kind] ?? 0) + 1;
      tally.failedStarts += outcome.failedStarts;
      tally.violations.push(...judge(history, outcome));
    }
  } finally {
    await fleet.stop();
    for (const text of fleet.takeEvents().exits) tally.violations.push({ kind: "exit", text });
  }
}

export interface RunOptions {
  readonly seeds: readonly number[];
  readonly bug?: PlantedBug;
}

/** One cluster of servers after another. */
export async function runHistories({ seeds, bug }: RunOptions): Promise<FaultReport> {
  const platforms = await startPlatforms();
  const backing = await startBacking();
  const tally: Tally = {
    kills: Object.fromEntries(CRASH_POINTS.map((point) => [point, 0])) as Tally["kills"],
    troubles: {},
    failedStarts: 0,
    violations: [],
  };
  try {
    const histories = seeds.map((seed) =>
      planHistory(seed, platforms.ticketIds, clusterOf(seed, backing.redis !== undefined)),
    );
    const byCluster = Map.groupBy(histories, ({ cluster }) => nameOf(cluster));
    for (const together of byCluster.values()) {
      await playAll({ backing, platforms }, together, bug, tally);
    }
  } finally {
    await backing.stop();
    await platforms.stop();
  }
  return { histories: seeds.length, seeds, ...tally };
}

export async function writeReport(path: string, report: FaultReport): Promise<void> {
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
}
