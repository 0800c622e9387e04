/** npm run jobs: what waits in the queues, what was given up, and how to have it tried again. */
import { parseArgs } from "node:util";
import { openDatabase } from "#platform/db/open";
import {
  openDeadLetters,
  type DeadLetter,
  type DeadLetters,
  type QueueState,
} from "#platform/jobs/dead-letters";
import { wholeNumber, withOptions } from "./arguments.ts";

const HELP = `Usage: npm run jobs -- COMMAND [options]

  list              every queue: jobs waiting, running, given up, and the age of the oldest
  dead              the jobs that were given up, oldest first
  requeue ID...     have these tried again, with all their tries
  requeue --all     have all of them tried again

  --limit N   of dead: at most so many (default 100)
  --json      one line of JSON
  --help      this text

The database is the one of the server: DATABASE_URL, or the embedded one of DATA_DIR (default .caseqa).

Exit codes: 0 done, 1 the database or its queues cannot be used, or an ID is not there, 2 misuse.
`;

type Command =
  | { readonly kind: "list" }
  | { readonly kind: "dead"; readonly limit: number }
  | { readonly kind: "requeue"; readonly which: readonly string[] | "all" };

interface Options {
  readonly command: Command;
  readonly json: boolean;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function readCommand(words: readonly string[], all: boolean, limit: string): Command {
  const [name, ...ids] = words;
  if (name === "requeue") {
    if (all && ids.length > 0) throw new Error("requeue takes IDs or --all, not both.");
    if (!all && ids.length === 0)
      throw new Error("requeue takes the IDs that dead shows, or --all.");
    const wrong = ids.find((id) => !ID.test(id));
    if (wrong !== undefined) throw new Error(`"${wrong}" is no ID of a job.`);
    return { kind: "requeue", which: all ? "all" : ids };
  }
  if (all) throw new Error("--all belongs to requeue.");
  if (ids[0] !== undefined) throw new Error(`"${ids[0]}" is too much.`);
  if (name === "list") return { kind: "list" };
  if (name === "dead") return { kind: "dead", limit: wholeNumber("--limit", limit, 1, 100_000) };
  throw new Error(name === undefined ? "A command is missing." : `There is no command "${name}".`);
}

/** Undefined when help was asked for. Throws on misuse. */
function readOptions(): Options | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      limit: { type: "string", default: "100" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return { command: readCommand(positionals, values.all, values.limit), json: values.json };
}

function describeQueues(queues: readonly QueueState[]): string {
  const rows = queues.map(({ queue, waiting, running, dead, oldestSeconds }) => [
    queue,
    String(waiting),
    String(running),
    String(dead),
    oldestSeconds === null ? "-" : `${Math.round(oldestSeconds)} s`,
  ]);
  return toTable([["queue", "waiting", "running", "dead", "oldest"], ...rows]);
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
  return toTable([["id", "queue", "given up", "tries", "error", "payload"], ...rows]);
}

function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

interface Done {
  readonly text: string;
  readonly json: unknown;
  readonly code: number;
}

async function perform(letters: DeadLetters, command: Command): Promise<Done> {
  if (command.kind === "list") {
    const queues = await letters.queues();
    return { text: describeQueues(queues), json: { queues }, code: 0 };
  }
  if (command.kind === "dead") {
    const dead = await letters.list(command.limit);
    return { text: describeDead(dead), json: { dead }, code: 0 };
  }
  const requeued = await letters.requeue(command.which);
  const missing = command.which === "all" ? 0 : new Set(command.which).size - requeued;
  const told = missing > 0 ? `; ${missing} of these IDs are no dead letters` : "";
  return {
    text: `${requeued} jobs will be tried again${told}.`,
    json: { requeued, missing },
    code: missing > 0 ? 1 : 0,
  };
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

async function run({ command, json }: Options): Promise<number> {
  const database = await openDatabase({
    databaseUrl: process.env["DATABASE_URL"] || undefined,
    dataDir: process.env["DATA_DIR"] || ".caseqa",
    log: quiet,
  });
  try {
    const letters = await openDeadLetters(database.url);
    try {
      const done = await perform(letters, command);
      process.stdout.write(`${json ? JSON.stringify(done.json) : done.text}\n`);
      return done.code;
    } finally {
      await letters.close();
    }
  } finally {
    await database.close();
  }
}

async function jobs(options: Options): Promise<number> {
  try {
    return await run(options);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

process.exitCode = await withOptions(HELP, readOptions, jobs);
