/** npm run demo: plays a timeline of ticket events through the whole world and checks what came of it. */
import { createRandom } from "../sandbox/data/random.ts";
import { createProgress } from "./demo/progress.ts";
import { HELP, parseOptions, type DemoOptions } from "./demo/options.ts";
import { brokenLines, renderTable } from "./demo/report.ts";

async function main(): Promise<number> {
  const parsed = parseOptions(process.argv.slice(2));
  if (parsed.kind === "misuse") {
    process.stderr.write(`${parsed.message}\n\n${HELP}`);
    return 2;
  }
  if (parsed.kind === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  return demo(parsed.options);
}

async function demo(options: DemoOptions): Promise<number> {
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const progress = createProgress(process.stderr, elapsedMs);
  // The world takes a second to load; help and misuse answer without it.
  const { runDemo } = await import("./demo/run.ts");
  const { report, invariants, world } = await runDemo({
    options,
    random: createRandom(options.seed),
    elapsedMs,
    progress,
  });
  try {
    progress.done();
    process.stdout.write(
      options.json ? `${JSON.stringify(report)}\n` : renderTable(report, invariants),
    );
    process.stderr.write(brokenLines(invariants));
    if (options.keep) {
      process.stderr.write(
        `\nThe world keeps running; look at its flow runs on ${world.card.zendesk.url}/. Ctrl-C stops it.\n`,
      );
      await new Promise<void>((resolve) => {
        process.once("SIGINT", resolve);
        process.once("SIGTERM", resolve);
      });
    }
  } finally {
    await world.close();
  }
  return report.ok ? 0 : 1;
}

process.exitCode = await main();
