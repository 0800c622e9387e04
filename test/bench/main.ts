/** npm run bench: which benchmark is run. */
import type { Command } from "commander";
import { npmScript, orSay, runScript, withExitCode } from "../../scripts/command-line.ts";
import { declareActions, runActionsBench } from "./actions.ts";
import { declareBodies, runBodiesBench } from "./bodies.ts";
import { declareEngine, runEngineBench } from "./engine.ts";
import { declareInstall, runInstallBench } from "./install.ts";
import { declareSync, runSyncBench } from "./sync.ts";
import { declareJqSuite, runJqSuite } from "./jq-suite.ts";

interface Benchmark {
  readonly declare: (command: Command) => Command;
  /** Resolves with the exit code. */
  readonly run: (options: never) => Promise<number>;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  actions: { declare: declareActions, run: runActionsBench },
  bodies: { declare: declareBodies, run: runBodiesBench },
  engine: { declare: declareEngine, run: runEngineBench },
  install: { declare: declareInstall, run: runInstallBench },
  "jq-suite": { declare: declareJqSuite, run: runJqSuite },
  sync: { declare: declareSync, run: runSyncBench },
};

const program = npmScript(
  "bench",
  "Measures, prints a table and writes every sample.",
  "0 measured, 1 could not measure, 2 wrong usage",
);
for (const [name, { declare, run }] of Object.entries(BENCHMARKS)) {
  const command = declare(
    program
      .command(name)
      .option("--out <FILE>", "where the JSON goes", `bench-results/${name}.json`),
  );
  withExitCode(command, (options) => orSay(() => run(options)));
}
await runScript(program);
