/** `zis run`: runs one flow of a bundle, on mocks. */
import { type Command, EXIT, type Io } from "./command.ts";
import { explained, explainStep } from "./explain.ts";
import { reportText } from "./run-report.ts";
import type { ExplainedRun } from "./run-outcome.ts";
import { declareStart, readStart, type StartOptions } from "./start.ts";
import { createStyle } from "../terminal/style.ts";

/** One object: the report, and the states when they are to be explained. */
export function printJson({ report, steps }: ExplainedRun, withSteps: boolean, io: Io): void {
  const whole = withSteps ? { ...report, steps: steps.map(explained) } : report;
  io.out(`${JSON.stringify(whole, null, 2)}\n`);
}

interface RunOptions extends StartOptions {
  readonly explain?: true;
}

export const runCommand: Command<RunOptions> = {
  name: "run",
  declare: (command) =>
    declareStart(command)
      .summary("run a flow on mocks and show how it ended")
      .description(
        "Runs a flow once, offline and on a virtual clock: a Wait takes no time, an action as long as its mock " +
          "says. A flow with a connection that does not exist does not start.",
      )
      .option(
        "--explain",
        "show for each state its parameters, its result, the data after it, and the next state or the caught error",
      )
      .option(
        "--json",
        "print one object: {status, flow, message, error, data, transitions, virtualMs, trace, requests, configs, " +
          "links, log}; with --explain also steps",
      )
      .addHelpText("after", "\nExit codes: 0 SUCCEEDED, 1 any other end, 2 wrong usage."),
  async run(io, [file = ""], options) {
    const { explain = false, json } = options;
    // The services take as long to load as all else together.
    const { runOnce } = await import("./run-flow.ts");
    const run = await runOnce(await readStart(file, options));
    if (json) {
      printJson(run, explain, io);
    } else {
      const style = createStyle(io.colour);
      if (explain) {
        for (const [index, step] of run.steps.entries()) {
          io.out(`${explainStep(step, index + 1, style)}\n`);
        }
      }
      io.out(reportText(run.report, explain, style));
    }
    return run.report.status === "SUCCEEDED" ? EXIT.ok : EXIT.failed;
  },
};
