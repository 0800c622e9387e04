/** npm run jobs: what waits in the queues, what was given up, and how to have it tried again. */
import { openDatabase } from "#platform/db/open";
import {
  openDeadLetters,
  type DeadLetter,
  type DeadLetters,
  type QueueState,
} from "#platform/jobs/dead-letters";
import { wholeNumber } from "#zis/terminal/command-line";
import { UsageError } from "#zis/terminal/usage-error";
import { table } from "#zis/terminal/style";
import { npmScript, orSay, withExitCode, runScript } from "./command-line.ts";

interface Options {
  readonly json?: boolean;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function describeQueues(queues: readonly QueueState[]): string {
  const rows = queues.map(({ queue, waiting, running, dead, oldestSeconds }) => [
    queue,
    String(waiting),
    String(running),
    String(dead),
    oldestSeconds === null ? "-" : `${Math.round(oldestSeconds)} s`,
  ]);
  return table([["queue", "waiting", "running", "dead", "oldest"], ...rows]);
}

function describeDead(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return "No job was given up.";
  const rows = letters.map(({ id, queue, givenUpAt, tries, error, payload }) => [
    id,
    queue,
    givenUpAt.toISOString(),
    String(tries),
    error.replace(/\s+/g, " "),
    JSON.stringify(payload),
  ]);
  return table([["id", "queue", "given up", "tries", "error", "payload"], ...rows]);
}

interface Done {
  readonly text: string;
  readonly json: unknown;
  readonly code: number;
}

async function list(letters: DeadLetters): Promise<Done> {
  const queues = await letters.queues();
  return { text: describeQueues(queues), json: { queues }, code: 0 };
}

async function listDead(letters: DeadLetters, limit: number): Promise<Done> {
  const dead = await letters.list(limit);
  return { text: describeDead(dead), json: { dead }, code: 0 };
}

async function requeue(letters: DeadLetters, which: readonly string[] | "all"): Promise<Done> {
  const requeued = await letters.requeue(which);
  const missing = which === "all" ? 0 : new Set(which).size - requeued;
  const left = missing > 0 ? `; ${missing} of these IDs are not dead letters` : "";
  return {
    text: `${requeued} jobs will be tried again${left}.\n`,
    json: { requeued, missing },
    code: missing > 0 ? 1 : 0,
  };
}

/** What `requeue` takes. Throws a UsageError. */
function whichJobs(ids: readonly string[], all: boolean): readonly string[] | "all" {
  if (all && ids.length > 0) throw new UsageError("requeue takes IDs or --all, not both");
  if (!all && ids.length === 0) {
    throw new UsageError("requeue takes the IDs that dead shows, or --all");
  }
  const wrong = ids.find((id) => !ID.test(id));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is not the ID of a job`);
  return all ? "all" : ids;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

async function withLetters(
  { json }: Options,
  work: (letters: DeadLetters) => Promise<Done>,
): Promise<number> {
  const database = await openDatabase({
    databaseUrl: process.env["DATABASE_URL"] || undefined,
    dataDir: process.env["DATA_DIR"] || ".caseqa",
    log: quiet,
  });
  try {
    const letters = await openDeadLetters(database.url);
    try {
      const done = await work(letters);
      process.stdout.write(json ? `${JSON.stringify(done.json)}\n` : done.text);
      return done.code;
    } finally {
      await letters.close();
    }
  } finally {
    await database.close();
  }
}

const JSON_OPTION = ["--json", "one line of JSON"] as const;

const program = npmScript(
  "jobs",
  `What waits in the queues, what was given up, and how to have it tried again. The database is the one of the
server: DATABASE_URL, or the embedded one of DATA_DIR (default .caseqa).`,
  "0 done, 1 the database or its queues cannot be used, or an ID is not there, 2 wrong usage",
);
withExitCode(
  program
    .command("list")
    .description("every queue: jobs waiting, running, given up, and the age of the oldest")
    .option(...JSON_OPTION),
  (options: Options) => orSay(() => withLetters(options, list)),
);
withExitCode(
  program
    .command("dead")
    .description("the jobs that were given up, oldest first")
    .option("--limit <N>", "at most so many", wholeNumber(1, 100_000), 100)
    .option(...JSON_OPTION),
  (options: Options & { readonly limit: number }) =>
    orSay(() => withLetters(options, (letters) => listDead(letters, options.limit))),
);
withExitCode(
  program
    .command("requeue")
    .description("have jobs that were given up tried again, with all their tries")
    .argument("[ID...]", "which of them")
    .option("--all", "all of them")
    .option(...JSON_OPTION),
  (options: Options & { readonly all?: boolean }, ids) => {
    const which = whichJobs(ids, options.all === true);
    return orSay(() => withLetters(options, (letters) => requeue(letters, which)));
  },
);
await runScript(program);
