/** npm run bundle: writes the bundle, its limits and the pages about its flows, or says what is stale. */
import { readFile } from "node:fs/promises";
import { Option } from "commander";
import { staleFiles, writeGenerated } from "./bundle/files.ts";
import { generate, OBSERVED_PATH } from "./bundle/generate.ts";
import { limitsTable } from "./bundle/limits.ts";
import type { Observed } from "./bundle/observe.ts";
import { npmScript, orSay, withExitCode, runScript } from "./command-line.ts";

const ROOT = new URL("../", import.meta.url);

interface Options {
  readonly check?: boolean;
  readonly observe?: boolean;
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

async function run({ check, observe }: Options): Promise<number> {
  const known = check || observe ? undefined : await committedMaxima();
  const { findings, output } = await generate(ROOT, known);
  for (const { severity, path, message, rule } of findings) {
    process.stderr.write(`${severity}: ${path}: ${message} (${rule})\n`);
  }
  if (!output) return 1;
  const { limits, files, docs } = output;
  process.stdout.write(limitsTable(limits));
  if (check) {
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

const command = npmScript(
  "bundle",
  `Builds and checks the ZIS bundle, and prints how far each flow can go. Writes the bundle and the budgets of its
actions to bundle/generated/, and to docs/flows/ a page, a picture and the limits of every flow.`,
  "0 written or fresh, 1 stale or faulty, 2 wrong usage",
)
  .option(
    "--observe",
    "run every flow's scenarios on the engine and write the observed maxima anew",
  )
  .addOption(
    new Option(
      "--check",
      "write nothing, observe too; exit 1 when a committed file is stale",
    ).conflicts("observe"),
  );
await runScript(withExitCode(command, (options: Options) => orSay(() => run(options))));
