/** The command `zis`: its table of commands and its process. */
import { checkCommand } from "./check.ts";
import type { Command, Io } from "./command.ts";
import { runCommandLine } from "./commands.ts";
import { graphCommand } from "./graph.ts";
import { runCommand } from "./run.ts";
import { stepCommand } from "./step.ts";
import { switchesCommand } from "./switches.ts";
import { endOnClosedPipe } from "../terminal/closed-pipe.ts";

const QUICK_COMMANDS: readonly Command[] = [
  checkCommand,
  runCommand,
  stepCommand,
  graphCommand,
  switchesCommand,
];

/** The services take as long to load as all else together, so they are loaded only where they may be wanted. */
async function commandsFor(name: string | undefined): Promise<readonly Command[]> {
  if (QUICK_COMMANDS.some((command) => command.name === name)) return QUICK_COMMANDS;
  const { serveCommand } = await import("./serve.ts");
  return [...QUICK_COMMANDS, serveCommand];
}

const { stdin, stdout, stderr, env } = process;

const io: Io = {
  stdin,
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  colour: stdout.isTTY && (env["NO_COLOR"] ?? "") === "",
  columns: stdout.isTTY ? stdout.columns : 100,
};

endOnClosedPipe(stdout);

const args = process.argv.slice(2);
process.exitCode = await runCommandLine(await commandsFor(args[0]), args, io);
