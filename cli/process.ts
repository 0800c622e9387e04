/** The command `caseqa`: its table of commands and its process. */
import { EXIT_INTERRUPTED } from "#zis/terminal/interrupt";
import { COMMANDS } from "./commands.ts";
import { runCaseqa } from "./command-line.ts";
import { processIo } from "./process-io.ts";

const code = await runCaseqa(COMMANDS, process.argv.slice(2), processIo());
// The stopped work may still be waiting for an answer that nobody needs.
if (code === EXIT_INTERRUPTED) process.exit(code);
process.exitCode = code;
