/** Which command an invocation of `caseqa` means, and how it ends. */
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { InstallError } from "#install/install-error";
import { visible } from "#zis/model/visible";
import { Interrupted } from "./interrupted.ts";
import { VERSION } from "./version.ts";
import { type Command, EXIT, type Io, Misuse, Refused } from "./command.ts";

/**
 * Runs one invocation.
 *
 * @param args what follows `caseqa` on the command line
 * @returns the exit code. Never rejects: what is wrong is said on standard error, without a stack trace.
 */
export async function runCommandLine(
  commands: readonly Command[],
  args: readonly string[],
  io: Io,
): Promise<number> {
  const [first] = args;
  if (first === undefined || first === "--help" || first === "-h") {
    (first === undefined ? io.err : io.out)(overview(commands));
    return first === undefined ? EXIT.misuse : EXIT.ok;
  }
  if (first === "--version" || first === "-v") {
    io.out(`${VERSION}\n`);
    return EXIT.ok;
  }
  const words = first === "help" ? args.slice(1) : args;
  const command = findCommand(commands, words);
  if (!command) return unknown(commands, words, io);
  const rest = words.slice(command.name.split(" ").length);
  if (first === "help" || asksForHelp(rest)) {
    io.out(command.help);
    return EXIT.ok;
  }
  return runCommand(command, rest, io);
}

/** What helps with any failure that does not say so itself. */
const ANY_REMEDY = "Run caseqa doctor: it shows what is wrong and what to do.";

/** Runs one command; like `runCommandLine` it says what is wrong and never rejects. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  io: Io,
): Promise<number> {
  try {
    const code = await Promise.race([command.run(args, io), graceAfter(io.stop)]);
    return io.stop.aborted ? interrupted(command, io) : code;
  } catch (error) {
    io.progress.done();
    if (io.stop.aborted) return interrupted(command, io, error);
    const message = visible((error as Error).message);
    if (error instanceof Misuse) {
      io.err(`caseqa: ${message}\ncaseqa ${command.name} --help shows how it is used.\n`);
      return EXIT.misuse;
    }
    const knows = error instanceof Refused || error instanceof InstallError;
    io.err(`caseqa: ${message}\n    ${visible(knows ? error.remedy : ANY_REMEDY)}\n`);
    return EXIT.failed;
  } finally {
    io.progress.done();
  }
}

const STOP_GRACE_MS = 3_000;

/** Resolves when a command that was stopped should have ended long ago. */
async function graceAfter(stop: AbortSignal): Promise<number> {
  if (!stop.aborted) await once(stop, "abort");
  await setTimeout(STOP_GRACE_MS, undefined, { ref: false });
  return EXIT.interrupted;
}

function interrupted({ name, ifStopped }: Command, io: Io, error?: unknown): number {
  io.progress.done();
  const knows = error instanceof Interrupted && error.remedy !== "";
  const [message, remedy] = knows
    ? [error.message, error.remedy]
    : [`${name} was stopped`, ifStopped];
  io.err(remedy === undefined ? `caseqa: ${message}\n` : `caseqa: ${message}\n    ${remedy}\n`);
  return EXIT.interrupted;
}

function findCommand(
  commands: readonly Command[],
  [first, second]: readonly string[],
): Command | undefined {
  const wanted = (name: string) => commands.find((command) => command.name === name);
  return wanted(`${first ?? ""} ${second ?? ""}`) ?? wanted(first ?? "");
}

/** `--help` anywhere before `--`. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

function unknown(commands: readonly Command[], words: readonly string[], io: Io): number {
  const [topic = "", word] = words;
  const ofTopic = commands.filter(({ name }) => name.startsWith(`${topic} `));
  if (ofTopic.length === 0 && topic !== "") {
    io.err(`caseqa: there is no command ${topic}\n\n${overview(commands)}`);
    return EXIT.misuse;
  }
  const listed = ofTopic.length > 0 ? ofTopic : commands;
  if (word === undefined || word === "--help" || word === "-h") {
    (word === undefined && topic !== "" ? io.err : io.out)(overview(listed));
    return word === undefined && topic !== "" ? EXIT.misuse : EXIT.ok;
  }
  io.err(`caseqa: there is no command ${topic} ${word}\n\n${overview(listed)}`);
  return EXIT.misuse;
}

/** The list of commands. */
function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: caseqa COMMAND [options]

${list.join("\n")}

Zendesk is reached with the credentials of zcli: its profile (zcli login), or ZENDESK_SUBDOMAIN with
ZENDESK_OAUTH_CLIENT_ID and ZENDESK_OAUTH_CLIENT_SECRET, ZENDESK_OAUTH_TOKEN, or ZENDESK_EMAIL and
ZENDESK_API_TOKEN. Our server is reached with CASEQA_SERVER_URL and CASEQA_SERVER_TOKEN.

caseqa COMMAND --help says more, caseqa --version which one this is. Every command takes --json; those that change anything take --dry-run.
Exit codes: 0 all well, 1 something is not, 2 misuse, 3 an administrator has to go on in the app,
130 stopped by Ctrl-C.
`;
}
