/** The program `caseqa`, and how its commands end. */
import { setTimeout } from "node:timers/promises";
import { InstallError } from "#install/install-error";
import { visible } from "#zis/model/visible";
import {
  declareProgram,
  leaves,
  nameBelowProgram,
  type ProgramSpec,
  runCommandLine,
} from "#zis/terminal/command-line";
import { aborted, EXIT_INTERRUPTED, Interrupted } from "#zis/terminal/interrupt";
import { UsageError } from "#zis/terminal/usage-error";
import { type Command, EXIT, type Io, Refused } from "./command.ts";
import { VERSION } from "./version.ts";

const NOTES = `Commands use zcli's credentials for Zendesk: its profile (zcli login), or ZENDESK_SUBDOMAIN with
ZENDESK_OAUTH_CLIENT_ID and ZENDESK_OAUTH_CLIENT_SECRET, ZENDESK_OAUTH_TOKEN, or ZENDESK_EMAIL and
ZENDESK_API_TOKEN. For our server they use CASEQA_SERVER_URL and CASEQA_SERVER_TOKEN.

Commands that change anything take --dry-run, and all but completion take --json.
Exit codes: 0 success, 1 something is wrong, 2 wrong usage, 3 an administrator has to continue in the app,
130 stopped by Ctrl-C.`;

function programOf(commands: readonly Command[]): ProgramSpec<Io> {
  return {
    name: "caseqa",
    description: "Installs and administers CaseQA.",
    version: VERSION,
    notes: NOTES,
    commands: commands.map((command) => ({
      ...command,
      run: (io, words, options) => runToItsEnd(command, io, words, options),
    })),
  };
}

/**
 * Runs one invocation.
 *
 * @param args what follows `caseqa` on the command line
 * @returns the exit code. Never rejects: errors are printed on standard error, without a stack trace.
 */
export function runCaseqa(
  commands: readonly Command[],
  args: readonly string[],
  io: Io,
): Promise<number> {
  return runCommandLine(programOf(commands), args, io);
}

export interface CommandTexts {
  /** Such as `config get`. */
  readonly name: string;
  readonly summary: string;
  /** All that `--help` prints. */
  readonly help: string;
}

/** What the commands say about themselves. */
export function commandTexts(commands: readonly Command[]): readonly CommandTexts[] {
  let help = "";
  const silent = { out: (text: string) => void (help += text), err: () => undefined, columns: 100 };
  const program = declareProgram(programOf(commands), silent as unknown as Io, () => undefined);
  const declared = program.commands.flatMap(leaves);
  return commands.map(({ name }) => {
    const command = declared.find((each) => nameBelowProgram(each) === name);
    help = "";
    command?.outputHelp();
    return { name, summary: command?.summary() ?? "", help };
  });
}

/** The remedy for any failure that does not bring its own. */
const ANY_REMEDY = "Run caseqa doctor: it shows what is wrong and what to do.";

async function runToItsEnd(
  command: Command,
  io: Io,
  words: readonly string[],
  options: object,
): Promise<number> {
  try {
    const code = await Promise.race([command.run(io, words, options), graceAfter(io.stop)]);
    return io.stop.aborted ? interrupted(command, io) : code;
  } catch (error) {
    io.progress.done();
    if (io.stop.aborted) return interrupted(command, io, error);
    if (error instanceof UsageError) throw error;
    const knows = error instanceof Refused || error instanceof InstallError;
    const remedy = visible(knows ? error.remedy : ANY_REMEDY);
    io.err(`caseqa: ${visible((error as Error).message)}\n    ${remedy}\n`);
    return EXIT.failed;
  } finally {
    io.progress.done();
  }
}

const STOP_GRACE_MS = 3_000;

/** Resolves when a command that was stopped should have ended by now. */
async function graceAfter(stop: AbortSignal): Promise<number> {
  await aborted(stop);
  await setTimeout(STOP_GRACE_MS, undefined, { ref: false });
  return EXIT_INTERRUPTED;
}

function interrupted({ name, ifStopped }: Command, io: Io, error?: unknown): number {
  io.progress.done();
  const knows = error instanceof Interrupted && error.remedy !== "";
  const [message, remedy] = knows
    ? [error.message, error.remedy]
    : [`${name} was stopped`, ifStopped];
  io.err(remedy === undefined ? `caseqa: ${message}\n` : `caseqa: ${message}\n    ${remedy}\n`);
  return EXIT_INTERRUPTED;
}
