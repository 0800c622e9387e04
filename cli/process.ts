/** The command `caseqa`: its table of commands and its process. */
import { COMMANDS } from "./commands.ts";
import { runCommandLine } from "./command-line.ts";
import { processIo } from "./process-io.ts";

process.exitCode = await runCommandLine(COMMANDS, process.argv.slice(2), processIo());
