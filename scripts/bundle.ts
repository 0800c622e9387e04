/** npm run bundle: writes the bundle, its limits and the pages about its flows, or says what is stale. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { staleFiles, writeGenerated } from "./bundle/files.ts";
import { generate, OBSERVED_PATH } from "./bundle/generate.ts";
import { limitsTable } from "./bundle/limits.ts";
import type { Observed } from "./bundle/observe.ts";
import { endOnClosedPipe } from "#zis/terminal/closed-pipe";

const ROOT = new URL("../", import.meta.url);

const HELP = `Usage: npm run bundle [-- --check | --observe]

Builds and checks the ZIS bundle, and prints how far each flow can go. Writes the bundle and the budgets of its
actions to bundle/generated/, and to docs/flows/ a page, a picture and the limits of every flow.

  --observe  run every flow's scenarios on the engine and write the observed maxima anew
  --check    write nothing, observe too; exit 1 when a committed file is stale
  --help     this text

Exit codes: 0 written or fresh, 1 stale or faulty, 2 misuse.
`;

type Mode = "write" | "observe" | "check" | "help";

/** @throws Error on options that do not exist or do not go together */
function modeOf(): Mode {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({ options: { check: flag, observe: flag, help: flag } });
  const chosen = (["help", "check", "observe"] as const).filter((name) => values[name]);
  if (chosen.length > 1 && !values.help)
    throw new Error("--check observes too: give one of the two.");
  return chosen[0] ?? "write";
}

/** The committed observed maxima; undefined when there are none yet. */
async function committedMaxima(): Promise<Record<string, Observed> | undefined> {
  try {
    const text = await readFile(new URL(OBSERVED_PATH, ROOT), "utf8");
    return JSON.parse(text) as Record<string, Observed>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function run(mode: Exclude<Mode, "help">): Promise<number> {
  const known = mode === "write" ? await committedMaxima() : undefined;
  const { findings, output } = await generate(ROOT, known);
  for (const { severity, path, message, rule } of findings) {
    process.stderr.write(`${severity}: ${path}: ${message} (${rule})\n`);
  }
  if (!output) return 1;
  const { limits, files, docs } = output;
  process.stdout.write(limitsTable(limits));
  if (mode === "check") {
    const stale = await staleFiles(ROOT, files, docs);
    for (const sentence of stale) process.stderr.write(`${sentence}\n`);
    if (stale.length > 0) process.stderr.write("Run: npm run bundle -- --observe\n");
    return stale.length > 0 ? 1 : 0;
  }
  for (const path of await writeGenerated(ROOT, files, docs)) {
    process.stdout.write(`wrote ${path}\n`);
  }
  return 0;
}

async function main(): Promise<number> {
  let mode: Mode;
  try {
    mode = modeOf();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (mode === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    return await run(mode);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

endOnClosedPipe(process.stdout);
process.exitCode = await main();
