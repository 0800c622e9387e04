/** npm run test:fault: servers that are killed, and what they stand on broken, in as many histories as asked for. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wholeNumber, withOptions } from "./arguments.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

const HELP = `Usage: npm run test:fault [-- options]

Runs the fault suite. Its histories of deliveries, kills and broken dependencies are reported in fault-report.json.

  --histories N   only the histories, N of them (default: the whole suite, with 30)
  --seed N        of the first history (default 1); each has the next one
  --help          this text

Exit codes: 0 every promise was kept, 1 it was not, 2 misuse.
`;

interface Options {
  /** Undefined: the whole suite. */
  readonly histories: number | undefined;
  readonly seed: number;
}

/** Undefined when help was asked for. Throws on misuse. */
function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      histories: { type: "string" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { histories } = values;
  return {
    histories:
      histories === undefined ? undefined : wholeNumber("--histories", histories, 1, 100_000),
    seed: wholeNumber("--seed", values.seed, 0, 2 ** 31),
  };
}

function run({ histories, seed }: Options): number {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const only = histories === undefined ? [] : ["test/fault/histories/histories.test.ts"];
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "fault", ...only], {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      FAULT_SEED: String(seed),
      ...(histories !== undefined && { FAULT_HISTORIES: String(histories) }),
    },
  });
  return status === 0 ? 0 : 1;
}

process.exitCode = await withOptions(HELP, readOptions, run);
