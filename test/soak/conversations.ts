/** npm run soak -- conversations: does the store end as the source, whatever happens in between? */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Option, type Command } from "commander";
import pg from "pg";
import { ROUTES } from "#contract/routes";
import type { SweepReport } from "#contract/routes/sweep";
import type { SyncStatus } from "#contract/routes/sync";
import { buildWorldData } from "#sandbox/data/world-data";
import { createRandom } from "#sandbox/data/random";
import { createFaults } from "#sandbox/faults";
import { createWorldDatabase } from "#scripts/world/database";
import { createInstaller, install } from "#scripts/world/install";
import type { Closers } from "#scripts/world/listen";
import { startSalesforce } from "#scripts/world/salesforce";
import { serverEnvironment } from "#scripts/world/server";
import { basicOf, startZendesk } from "#scripts/world/zendesk";
import { wholeNumber } from "#zis/terminal/command-line";
import type { Zis } from "#zis/services/create-zis";
import { createProgress } from "#zis/terminal/progress";
import { asAdministrator, createChanges } from "./changes.ts";
import { compareWithSource } from "./compare.ts";
import { deliverCarelessly } from "./careless-delivery.ts";
import { startKilledServers } from "./killed-servers.ts";

type Event = Parameters<Zis["accept"]>[0];

interface Options {
  readonly minutes: number;
  readonly tickets: number;
  readonly seed: number;
  readonly json: boolean;
}

export function declareConversations(command: Command): Command {
  return command
    .description("Edits, merges, deletions, redactions; at the end the store equals the source.")
    .addOption(
      new Option("--minutes <N>", "how long things change")
        .argParser(wholeNumber(1, 10_000))
        .default(5),
    )
    .addOption(
      new Option("--tickets <N>", "how many there are")
        .argParser(wholeNumber(10, 5_000))
        .default(200),
    )
    .addOption(
      new Option("--seed <N>", "other changes").argParser(wholeNumber(0, 2 ** 32 - 1)).default(1),
    )
    .option("--json", "one line of JSON", false);
}

const NO_LIMIT = 1_000_000_000;
const CHANGE_EVERY_MS = 60;
const KILL_EVERY_MS = 20_000;
const SWEEP_MS = 10 * 60_000;
/** The first sweep repairs, the next finds what the repairs of the first brought to light; more would not settle. */
const MOST_SWEEPS = 5;

export async function runConversationsSoak(options: Options): Promise<number> {
  const closers: Closers = [];
  try {
    return await soak(options, closers);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

async function soak({ minutes, tickets, seed, json }: Options, closers: Closers): Promise<number> {
  const began = performance.now();
  const progress = createProgress(process.stderr, () => performance.now() - began);
  const random = createRandom(seed);
  const [now, newId] = [() => new Date(), () => randomUUID()];
  const startedAt = now();
  progress.show("starting");
  const database = await createWorldDatabase(
    process.env["DATABASE_URL"],
    process.env["DATA_DIR"] ?? ".caseqa",
  );
  closers.push(() => database.drop());
  const data = buildWorldData({ seed, tickets });
  let take: (events: readonly Event[]) => void = () => undefined;
  const zendesk = await startZendesk(
    {
      seed,
      tickets,
      ports: { zendesk: 0, salesforce: 0, server: 0 },
      logLevel: "silent",
      onEvents: (events) => take(events),
      onPersonEvents: (events) => take(events.flatMap(({ zis }) => zis ?? [])),
      limits: {
        requestsPerMinute: NO_LIMIT,
        ticketUpdatesPerMinute: NO_LIMIT,
        updatesOfTicketPerTenMinutes: NO_LIMIT,
        auditsPerMinute: NO_LIMIT,
      },
    },
    { data: data.zendesk, faults: createFaults(), now, newId },
    closers,
  );
  const salesforce = await startSalesforce(
    0,
    { records: data.salesforce, faults: createFaults(), now, newId },
    closers,
  );
  const token = randomBytes(24).toString("hex");
  const world = { ports: { zendesk: 0, salesforce: 0, server: 0 }, logLevel: "warn" };
  const servers = await startKilledServers(
    serverEnvironment(world, { zendesk, salesforce, databaseUrl: database.url }, token),
  );
  closers.push(() => servers.stop());
  await install(
    await createInstaller({ zendesk, server: { url: servers.url, token }, now, newId }),
  );
  const delivery = deliverCarelessly<Event>(
    random.fork(1),
    (event) => void zendesk.zis.accept(event),
  );
  take = delivery.take;
  const server = asOperator(servers.url, token);
  // What was solved before, and is not touched any more, is brought by a first load.
  await server("POST", ROUTES["start-sync"].path, {});

  const ask = asAdministrator(zendesk.url, basicOf(zendesk.administrator));
  const changes = createChanges(random.fork(2), zendesk.zendesk, ask);
  const endMs = performance.now() + minutes * 60_000;
  let nextKillMs = performance.now() + KILL_EVERY_MS;
  let killing: Promise<void> | undefined;
  while (performance.now() < endMs) {
    await changes.make();
    await sleep(CHANGE_EVERY_MS);
    if (performance.now() > nextKillMs) {
      await killing;
      killing = servers.kill();
      nextKillMs = performance.now() + KILL_EVERY_MS;
    }
    const made = Object.values(changes.counts).reduce((sum, one) => sum + one, 0);
    const left = Math.ceil((endMs - performance.now()) / 1_000);
    progress.show(`${made} changes, ${servers.report().kills} servers killed, ${left} s left`);
  }
  await killing;
  progress.show("the last events");
  await delivery.drain();
  await zendesk.zis.idle();

  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  closers.push(() => pool.end());
  await loaded(server, (text) => progress.show(text));
  const repaired = [];
  for (let turn = 1; turn <= MOST_SWEEPS; turn += 1) {
    await waitForJobs(pool, progress);
    const report = await sweep(server, startedAt, (text) =>
      progress.show(`sweep ${turn}: ${text}`),
    );
    repaired.push(report.repaired);
    if (report.missed + report.stale === 0) break;
  }
  await waitForJobs(pool, progress);
  const compared = await compareWithSource(pool, ask, changes.ticketIds);
  progress.done();
  const { kills, exits } = servers.report();
  const result = {
    ...compared,
    equal: compared.equal && exits.length === 0,
    changes: changes.counts,
    events: delivery.counts,
    repaired,
    kills,
    exits,
    minutes,
    seed,
  };
  console.log(json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
  return result.equal ? 0 : 1;
}

type AskServer = (method: "GET" | "POST", path: string, body?: object) => Promise<unknown>;

function asOperator(origin: string, token: string): AskServer {
  return async (method, path, body) => {
    const answer = await fetch(origin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
}

async function sweep(
  server: AskServer,
  since: Date,
  show: (text: string) => void,
): Promise<SweepReport> {
  const { path } = ROUTES["request-sweep"];
  let report = (await server("POST", path, { since: since.toISOString() })) as SweepReport;
  const endMs = performance.now() + SWEEP_MS;
  while (report.state === "running") {
    if (performance.now() > endMs) throw new Error(`a sweep did not end: ${report.message}`);
    show(`${report.tickets_looked_at} tickets, ${report.repaired} repairs`);
    await sleep(1_000);
    report = (await server("GET", `${path}/${report.id}`)) as SweepReport;
  }
  return report;
}

async function loaded(server: AskServer, show: (text: string) => void): Promise<void> {
  for (;;) {
    const status = (await server("GET", ROUTES.sync.path)) as SyncStatus;
    if (status.state === "finished") return;
    if (status.state === "failed" || status.state === "stopped") {
      throw new Error(`the first load is ${status.state}`);
    }
    show(`first load: ${status.tickets_seen} tickets, ${status.messages_left} to be read`);
    await sleep(1_000);
  }
}

async function waitForJobs(pool: pg.Pool, progress: { show(text: string): void }): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ open: string }>(
      "select count(*) as open from pgboss.job where state < 'completed' and data ? 'account'",
    );
    const open = Number(rows[0]?.open);
    if (open === 0) return;
    progress.show(`${open} jobs of the server are open`);
    await sleep(500);
  }
}
