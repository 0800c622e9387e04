/** `zis run`: runs one flow of a bundle, on mocks. */
import { createJq } from "../engine/jq.ts";
import { readArguments } from "./arguments.ts";
import { type Command, EXIT, type Io } from "./command.ts";
import { explained, explainStep } from "./explain.ts";
import { reportText } from "./run-report.ts";
import { type ExplainedRun, runStart } from "./run-flow.ts";
import { readStart, type Start, START_HELP, START_OPTIONS } from "./start.ts";
import { createStyle } from "../terminal/style.ts";

/** Runs what was read and ends the thread that jq needed. */
export async function runOnce(start: Start): Promise<ExplainedRun> {
  const jq = createJq(start.choices.limits);
  try {
    return await runStart(start, { jq, now: () => new Date() });
  } finally {
    await jq.close();
  }
}

/** One object: the report, and the states when they are to be explained. */
export function printJson({ report, steps }: ExplainedRun, withSteps: boolean, io: Io): void {
  const whole = withSteps ? { ...report, steps: steps.map(explained) } : report;
  io.out(`${JSON.stringify(whole, null, 2)}\n`);
}

export const runCommand: Command = {
  name: "run",
  summary: "run a flow on mocks and show how it ended",
  help: `Usage: zis run FILE (--flow NAME | --event-source S --event-type T) --input FILE [options]

Runs a flow once, offline and on a virtual clock: a Wait takes no time, an action
as long as its mock says. A flow with a connection that does not exist does not
start.

${START_HELP}  --explain              show for each state its parameters, its result, the data
                         after it, and the next state or the caught error
  --json                 one object: {status, flow, message, error, data, transitions,
                         virtualMs, trace, requests, configs, links, log}; with
                         --explain also steps

Exit codes: 0 SUCCEEDED, 1 any other end, 2 wrong usage.
`,
  async run(args, io) {
    const { values, flags } = START_OPTIONS;
    const given = readArguments(args, { values, flags: [...flags, "explain"] });
    const run = await runOnce(await readStart(given));
    if (given.flag("json")) {
      printJson(run, given.flag("explain"), io);
    } else {
      const style = createStyle(io.colour);
      if (given.flag("explain")) {
        for (const [index, step] of run.steps.entries()) {
          io.out(`${explainStep(step, index + 1, style)}\n`);
        }
      }
      io.out(reportText(run.report, given.flag("explain"), style));
    }
    return run.report.status === "SUCCEEDED" ? EXIT.ok : EXIT.failed;
  },
};
