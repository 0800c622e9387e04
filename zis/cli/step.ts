/** `zis step`: walks through a run state by state. */
import { createInterface } from "node:readline";
import type { StepTrace } from "../engine/step-trace.ts";
import { parsePath, readPath } from "../model/paths.ts";
import { type Command, EXIT, type Io } from "./command.ts";
import { explainStep } from "./explain.ts";
import { reportText } from "./run-report.ts";
import { printJson } from "./run.ts";
import type { RunReport } from "./run-outcome.ts";
import { declareStart, readStart, type StartOptions } from "./start.ts";
import { visible } from "../model/visible.ts";
import { counted, createStyle, type Style } from "../terminal/style.ts";

const KEYS_HELP = `Keys:
  Enter    the next state
  b        the state before
  d        the data after the state
  p PATH   the value at a path of the data, e.g. p $.input.ticket
  c        all that is left, to the end
  q        quit

Exit codes: 0 SUCCEEDED, 1 any other end of the run, 2 wrong usage.`;

const KEYS = `Enter next state, b back, d data, p PATH value at a path, c to the end, q quit, ? this`;

export const stepCommand: Command<StartOptions> = {
  name: "step",
  declare: (command) =>
    declareStart(command)
      .summary("walk through a run state by state")
      .description(
        "Runs a flow as zis run does, then walks through it: a state at a time, forwards and back. A Map is shown " +
          "after its items.",
      )
      .option("--json", "do not ask: print what run --explain --json prints")
      .addHelpText("after", `\n${KEYS_HELP}`),
  async run(io, [file = ""], options) {
    // The services take as long to load as all else together.
    const { runOnce } = await import("./run-flow.ts");
    const run = await runOnce(await readStart(file, options));
    if (options.json) printJson(run, true, io);
    else await walk(run, io);
    return run.report.status === "SUCCEEDED" ? EXIT.ok : EXIT.failed;
  },
};

interface Walk {
  readonly steps: readonly StepTrace[];
  readonly report: RunReport;
}

/** Shows the first state, then whatever the lines of standard input ask for, until they end. */
async function walk({ steps, report }: Walk, io: Io): Promise<void> {
  const style = createStyle(io.colour);
  const lines = createInterface({ input: io.stdin, terminal: false });
  const prompt = () => io.out(style("dim", "> "));
  let index = 0;
  const show = () => {
    const step = steps[index];
    io.out(step ? `${explainStep(step, index + 1, style)}\n` : reportText(report, true, style));
    return step !== undefined;
  };
  io.out(`${style("dim", `${counted(steps.length, "state")}. ${KEYS}`)}\n\n`);
  if (!show()) {
    lines.close();
    return;
  }
  prompt();
  for await (const line of lines) {
    const [key = "", ...rest] = line.trim().split(/\s+/);
    if (key === "q") break;
    if (key === "") {
      index += 1;
      if (!show()) break;
    } else if (key === "c") {
      for (index += 1; show(); index += 1);
      break;
    } else if (key === "b") {
      index = Math.max(0, index - 1);
      show();
    } else {
      io.out(`${answer(key, rest.join(" "), steps[index], style)}\n`);
    }
    prompt();
  }
  lines.close();
}

function answer(key: string, path: string, step: StepTrace | undefined, style: Style): string {
  const data = step?.output ?? null;
  if (key === "d") return visible(JSON.stringify(data, null, 2));
  if (key !== "p") return style("dim", KEYS);
  const parsed = parsePath(path);
  if (!parsed.ok) return style("red", visible(`${path}: ${parsed.message}`));
  const found = readPath(data, parsed.segments);
  return found.found
    ? visible(JSON.stringify(found.value, null, 2))
    : style("dim", "nothing there");
}
