/** npm run test:fault: servers that are killed, and what they stand on broken, in as many histories as asked for. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { FaultReport } from "#test/fault/histories/run";
import { Option } from "commander";
import { wholeNumber } from "#zis/terminal/command-line";
import { npmScript, withExitCode, runScript } from "./command-line.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

interface Options {
  /** Absent: the whole suite. */
  readonly histories?: number;
  readonly seed: number;
  /** Absolute. */
  readonly report: string;
}

/** Of the report that was just written; a run that broke off has written none. */
function summarise(path: string): string {
  if (!existsSync(path)) return "The histories did not end, so there is no report.";
  const report = JSON.parse(readFileSync(path, "utf8")) as FaultReport;
  const points = Object.entries(report.kills);
  const kills = points.reduce((sum, [, count]) => sum + count, 0);
  const count = (kind: FaultReport["violations"][number]["kind"]) =>
    report.violations.filter((violation) => violation.kind === kind).length;
  const troubles = Object.entries(report.troubles).map(([kind, times]) => `${kind} ${times}`);
  const spared = points.filter(([, count]) => count === 0).map(([point]) => point);
  return [
    `${report.histories} histories, ${kills} kills: ${count("lost")} lost, ${count("doubled")} doubled, ${count("exit")} exits, ${count("other")} other violations: ${path}`,
    `What broke: ${troubles.join(", ")}. Starts that found no database and were tried again: ${report.failedStarts}.`,
    ...(spared.length > 0 ? [`Never killed: ${spared.join(", ")}; ask for more histories.`] : []),
    ...report.violations.map(({ kind, text }) => `  ${kind}: ${text}`),
    ...(report.violations.length > 0
      ? ["To see one history again: npm run test:fault -- --histories 1 --seed N"]
      : []),
  ].join("\n");
}

function run({ histories, seed, report }: Options): number {
  // One of an earlier run would be taken for this one's.
  rmSync(report, { force: true });
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const only = histories === undefined ? [] : ["test/fault/histories/histories.test.ts"];
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "fault", ...only], {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      FAULT_SEED: String(seed),
      FAULT_REPORT: report,
      ...(histories !== undefined && { FAULT_HISTORIES: String(histories) }),
    },
  });
  console.log(summarise(report));
  return status === 0 ? 0 : 1;
}

const command = npmScript(
  "test:fault",
  "Runs the fault suite. Its histories of deliveries, kills and broken dependencies are reported in fault-report.json.",
  "0 every promise was kept, 1 it was not, 2 wrong usage",
)
  .option(
    "--histories <N>",
    "only the histories, N of them (default: the whole suite, with 12)",
    wholeNumber(1, 100_000),
  )
  .option("--seed <N>", "of the first history; each has the next one", wholeNumber(0, 2 ** 31), 1)
  .addOption(
    new Option("--report <FILE>", "where the report goes")
      .argParser((text: string) => resolve(text))
      .default(join(ROOT, "fault-report.json"), "fault-report.json"),
  );
await runScript(withExitCode(command, run));
