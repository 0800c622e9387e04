/** npm run demo: plays a timeline of ticket events through the whole world and checks what came of it. */
import { createRandom } from "#sandbox/data/random";
import { createProgress } from "#zis/terminal/progress";
import { runScript } from "./command-line.ts";
import { demoCommand, type DemoOptions } from "./demo/options.ts";
import { brokenLines, renderReport } from "./demo/report.ts";
import {
  aborted,
  EXIT_INTERRUPTED,
  Interrupted,
  listenForInterrupt,
} from "#zis/terminal/interrupt";

async function main(options: DemoOptions): Promise<number> {
  try {
    return await demo(options);
  } catch (error) {
    // The timeline's own timers would keep the process for seconds.
    if (error instanceof Interrupted) process.exit(EXIT_INTERRUPTED);
    process.stderr.write(`The demo could not run: ${(error as Error).message}\n`);
    return 1;
  }
}

async function demo(options: DemoOptions): Promise<number> {
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const progress = createProgress(process.stderr, elapsedMs);
  const interrupt = listenForInterrupt();
  // The world takes a second to load; help and a wrong option are answered without it.
  const { runDemo } = await import("./demo/run.ts");
  const { report, world } = await runDemo({
    options,
    random: createRandom(options.seed),
    elapsedMs,
    progress,
    interrupt,
  });
  try {
    progress.done();
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : renderReport(report));
    process.stderr.write(brokenLines(report.invariants));
    if (
      options.sabotage &&
      !report.ok &&
      report.invariants.every(({ broken }) => broken.length === 0)
    ) {
      process.stderr.write(
        `The sabotage ${options.sabotage} met nothing to break: take more tickets.\n`,
      );
    }
    if (options.keep) {
      const page = `${world.card.zendesk.url}/`;
      process.stderr.write(
        `\nThe world keeps running; look at its flow runs on ${page}. Ctrl-C stops it.\n`,
      );
      await aborted(interrupt);
    }
  } finally {
    await world.close();
  }
  return report.ok ? 0 : 1;
}

await runScript(demoCommand(main));
