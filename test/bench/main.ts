/** npm run bench: which benchmark is run. */
import { ACTIONS_HELP, runActionsBench } from "./actions.ts";
import { BODIES_HELP, runBodiesBench } from "./bodies.ts";
import { ENGINE_HELP, runEngineBench } from "./engine.ts";
import { INSTALL_HELP, runInstallBench } from "./install.ts";
import { Misuse } from "./misuse.ts";
import { JQ_SUITE_HELP, runJqSuite } from "./jq-suite.ts";

interface Benchmark {
  readonly help: string;
  /** Resolves with the exit code. Throws for wrong arguments. */
  readonly run: (args: string[]) => Promise<number>;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  actions: { help: ACTIONS_HELP, run: runActionsBench },
  bodies: { help: BODIES_HELP, run: runBodiesBench },
  engine: { help: ENGINE_HELP, run: runEngineBench },
  install: { help: INSTALL_HELP, run: runInstallBench },
  "jq-suite": { help: JQ_SUITE_HELP, run: runJqSuite },
};

const HELP = `Usage: npm run bench -- NAME [options]

${Object.values(BENCHMARKS)
  .map(({ help }) => help)
  .join("\n")}
  --help   this text

Exit codes: 0 measured, 1 could not measure, 2 misuse.
`;

async function main([name, ...args]: string[]): Promise<number> {
  if (name === "--help" || args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  const benchmark = Object.hasOwn(BENCHMARKS, name ?? "") ? BENCHMARKS[name ?? ""] : undefined;
  if (!benchmark) {
    const given = name === undefined ? "Name a benchmark." : `There is no benchmark "${name}".`;
    console.error(`${given}\n\n${HELP}`);
    return 2;
  }
  try {
    return await benchmark.run(args);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    console.error(message);
    return error instanceof Misuse || code?.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
