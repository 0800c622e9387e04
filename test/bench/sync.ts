/** How well conversations come from Zendesk into the store and out of it: limits, events, calls, reads. */
import { loadavg } from "node:os";
import type { Command } from "commander";
import { wholeNumber } from "../../zis/terminal/command-line.ts";
import { UsageError } from "../../zis/terminal/usage-error.ts";
import { environment, writeReport } from "./environment.ts";
import { calls } from "./sync/calls.ts";
import { exportLimit } from "./sync/export-limit.ts";
import { ingest } from "./sync/ingest.ts";
import { lag } from "./sync/lag.ts";
import { isMet, type Figure, type Part } from "./sync/part.ts";
import { reads } from "./sync/reads.ts";

const PARTS: readonly Part[] = [exportLimit, ingest, calls, lag, reads];

interface SyncOptions {
  readonly out: string;
  readonly only?: string;
  readonly seconds: number;
  readonly minutes: number;
  readonly conversations: number;
  readonly json?: boolean;
}

export function declareSync(command: Command): Command {
  return command
    .description(
      `conversations from Zendesk into the store and out of it: ${PARTS.map(({ name, about }) => `${name} (${about})`).join("; ")}`,
    )
    .option("--only <NAMES>", "these parts only, with commas between (default: all)")
    .option("--seconds <N>", "length of a run under load", wholeNumber(1, 3_600), 30)
    .option("--minutes <N>", "minutes of the export's limit", wholeNumber(2, 60), 7)
    .option(
      "--conversations <N>",
      "stored while they are read",
      wholeNumber(1_000, 10_000_000),
      1_000_000,
    )
    .option("--json", "print the figures as JSON");
}

/** Runs the chosen parts one after the other. A missed aim is told, and no failure. */
export async function runSyncBench(options: SyncOptions): Promise<number> {
  const parts = chosen(options.only);
  const results = [];
  for (const part of parts) {
    if (options.json !== true) console.log(`\n${part.name}: ${part.about}`);
    const load = loadavg();
    const { figures, raw } = await part.run(options);
    const judged = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
    results.push({
      part: part.name,
      load: { before: load, after: loadavg() },
      figures: judged,
      raw,
    });
    if (options.json !== true) for (const figure of figures) console.log(lineOf(figure));
  }
  if (options.json === true) {
    const figures = results.map(({ raw: _raw, ...result }) => result);
    console.log(JSON.stringify({ ...environment(), parts: figures }));
  }
  const { seconds, minutes, conversations } = options;
  const plan = { seconds, minutes, conversations };
  await writeReport(options.out, { ...environment(), plan, parts: results }, options.json);
  return 0;
}

function chosen(only: string | undefined): readonly Part[] {
  const names = only?.split(",") ?? PARTS.map(({ name }) => name);
  const found = PARTS.filter(({ name }) => names.includes(name));
  if (found.length < names.length) {
    throw new UsageError(`--only takes names of ${PARTS.map(({ name }) => name).join(", ")}.`);
  }
  return found;
}

function lineOf(figure: Figure): string {
  const { what, value, unit, aim } = figure;
  const text = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  const told = `  ${what.padEnd(44)}${text.padStart(8)} ${unit}`;
  if (!aim) return told;
  const bound = "most" in aim ? `at most ${aim.most}` : `at least ${aim.least}`;
  return `${told} (aim ${bound}, ${isMet(figure) === true ? "met" : "MISSED"})`;
}
