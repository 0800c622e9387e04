/** What the worst body that a route reads costs the server's event loop: a limit that is kept, not a comparison. */
import type { Command } from "commander";
import { wholeNumber } from "../../zis/terminal/command-line.ts";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { buildApp } from "../../actions-server/app.ts";
import { loadConfig } from "../../actions-server/config/config.ts";
import { ROUTES } from "../../contract/routes.ts";
import { OPERATIONS, type OperationName } from "../../contract/actions/operations.ts";
import { createDatabase } from "../../actions-server/platform/db/databases.ts";
import { openEmbedded } from "../../actions-server/platform/db/embedded.ts";
import { assembleServer } from "../../actions-server/assemble.ts";
import { SERVER_LIMITS } from "../../actions-server/platform/http/limits.ts";
import { createLog } from "../../actions-server/platform/log.ts";
import {
  LONGEST_BODIES,
  LONGEST_ROUTE_BODIES,
  type LongRouteName,
} from "../support/longest-bodies.ts";
import type { SentRequest } from "./body-client.ts";
import { environment, writeReport } from "./environment.ts";
import { hostileBodies } from "./hostile-bodies.ts";
import { median } from "./measure.ts";

export interface BodiesOptions {
  readonly out: string;
  readonly rounds: number;
}

export function declareBodies(command: Command): Command {
  return command
    .description("CPU time of the server's event loop for the worst body that each route reads")
    .option("--rounds <N>", "times that each body is sent", wholeNumber(1, 1_000), 5);
}

const LIMIT_MS = 50;
const TOKEN = "token-of-the-benchmark";
const CLIENT = new URL("body-client.ts", import.meta.url);

interface Route {
  readonly name: string;
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly bytes: number;
  readonly right: object;
}

const MEASURED: readonly Route[] = [
  ...(Object.keys(OPERATIONS) as OperationName[]).map((name) => ({
    name,
    method: "POST" as const,
    path: OPERATIONS[name].path,
    bytes: OPERATIONS[name].bodyBytes,
    right: LONGEST_BODIES[name],
  })),
  ...(Object.keys(LONGEST_ROUTE_BODIES) as LongRouteName[]).map((name) => ({
    ...ROUTES[name],
    name,
    bytes: { bodyBytes: SERVER_LIMITS.bodyBytes, ...ROUTES[name] }.bodyBytes,
    right: LONGEST_ROUTE_BODIES[name],
  })),
];

/** One request: what the server's thread worked for it, and how long its event loop was busy. */
interface Run {
  readonly status: number;
  readonly cpuMs: number;
  readonly busyMs: number;
}

interface Figure {
  readonly route: string;
  readonly bytes: number;
  readonly kind: string;
  readonly runs: readonly Run[];
}

const cpuOf = ({ runs }: Figure) => median(runs.map(({ cpuMs }) => cpuMs));

export async function runBodiesBench({ out, rounds }: BodiesOptions): Promise<number> {
  const server = await startServer();
  try {
    const figures: Figure[] = [];
    for (const route of MEASURED) figures.push(...(await measureRoute(server, route, rounds)));
    const worst = MEASURED.map(({ name }) =>
      worstOf(figures.filter(({ route }) => route === name)),
    );
    for (const figure of worst) print(figure);
    await writeReport(out, { ...environment(), limitMs: LIMIT_MS, rounds, worst, figures });
    return worst.every((figure) => cpuOf(figure) < LIMIT_MS) ? 0 : 1;
  } finally {
    await server.stop();
  }
}

function worstOf(figures: readonly Figure[]): Figure {
  const [worst] = figures.toSorted((a, b) => cpuOf(b) - cpuOf(a));
  if (!worst) throw new Error("a route was not measured");
  return worst;
}

function print(figure: Figure): void {
  const { route, bytes, kind } = figure;
  const cpu = cpuOf(figure).toFixed(1).padStart(6);
  const mark = cpuOf(figure) < LIMIT_MS ? "" : `  OVER ${LIMIT_MS} ms`;
  console.log(`${route.padEnd(22)}${String(bytes).padStart(7)} bytes ${cpu} ms  ${kind}${mark}`);
}

/** The whole server in this thread, on a Postgres of its own; the platforms are away. */
async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-bench-"));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const cluster = await openEmbedded(folder);
  const config = loadConfig({
    DATABASE_URL: await createDatabase(cluster.urlOf("postgres"), "bench_bodies"),
    RATE_LIMIT_PER_MINUTE: "0",
    SERVER_TOKENS: `bench:${TOKEN}`,
    TOKEN_KEYS: `bench:${Buffer.alloc(32, 7).toString("base64")}`,
    ZENDESK_URL: "http://127.0.0.1:9",
    ZENDESK_CLIENT_ID: "id",
    ZENDESK_CLIENT_SECRET: "secret",
    SALESFORCE_LOGIN_URL: "http://127.0.0.1:9",
    SALESFORCE_CLIENT_ID: "id",
    SALESFORCE_CLIENT_SECRET: "secret",
  });
  // What a line costs counts; where it goes does not.
  const log = createLog("info", { write: () => {} });
  const { deps, close } = await assembleServer(config, { log });
  const app = await buildApp(deps);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const client = new Worker(CLIENT);
  return {
    url,
    client,
    async stop() {
      await client.terminate();
      await app.close();
      await close();
      await cluster.leave();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Server = Awaited<ReturnType<typeof startServer>>;

async function measureRoute(server: Server, route: Route, rounds: number): Promise<Figure[]> {
  const bodies = hostileBodies(route.right, route.bytes);
  const runs = bodies.map((): Run[] => []);
  // By turns, so that what else the machine does meets all alike.
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, { text }] of bodies.entries()) {
      runs[at]?.push(await send(server, route, text, `${route.name}:${round}:${at}`));
    }
  }
  return bodies.map(({ kind }, at) => ({
    route: route.name,
    bytes: route.bytes,
    kind,
    runs: runs[at] ?? [],
  }));
}

async function send(
  { url, client }: Server,
  { method, path }: Route,
  text: string,
  key: string,
): Promise<Run> {
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    "content-type": "application/json",
    "idempotency-key": key,
  };
  const request: SentRequest = { url: url + path, method, headers, text };
  await setImmediate();
  const [cpu, loop] = [process.threadCpuUsage(), performance.eventLoopUtilization()];
  client.postMessage(request, []);
  const [status] = (await once(client, "message")) as [number];
  const { user, system } = process.threadCpuUsage(cpu);
  const busyMs = performance.eventLoopUtilization(loop).active;
  if (status === 413) throw new Error(`${path} did not read a body of ${text.length}`);
  return { status, cpuMs: (user + system) / 1_000, busyMs };
}
