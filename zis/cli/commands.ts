/** The commands of `zis`, and how an invocation of it ends. */
import { visible } from "../model/visible.ts";
import manifest from "../package.json" with { type: "json" };
import { type ProgramSpec, runCommandLine } from "../terminal/command-line.ts";
import { checkCommand } from "./check.ts";
import { EXIT, type Io } from "./command.ts";
import { graphCommand } from "./graph.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";
import { stepCommand } from "./step.ts";
import { switchesCommand } from "./switches.ts";

const ZIS: ProgramSpec<Io> = {
  name: "zis",
  description: "A local runtime for Zendesk Integration Services (ZIS) bundles.",
  version: manifest.version,
  commands: [checkCommand, runCommand, stepCommand, graphCommand, switchesCommand, serveCommand],
};

/**
 * Runs one invocation.
 *
 * @param args what follows `zis` on the command line
 * @returns the exit code. Never rejects: what is wrong is written to standard error, without a stack trace.
 */
export async function runZis(args: readonly string[], io: Io): Promise<number> {
  try {
    return await runCommandLine(ZIS, args, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(`zis: an error that should not happen: ${visible(message)}\n`);
    return EXIT.usage;
  }
}
