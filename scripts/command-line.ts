/** The command lines of the npm scripts, declared with commander. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { endOnClosedPipe } from "#zis/terminal/closed-pipe";
import { createProgram, parse, perform, wholeNumber } from "#zis/terminal/command-line";
import { UsageError } from "#zis/terminal/usage-error";

const { stdout, stderr } = process;

/** @param exits the exit codes and what they mean, for the help */
export function npmScript(name: string, about: string, exits: string): Command {
  const io = {
    out: (text: string) => void stdout.write(text),
    err: (text: string) => void stderr.write(text),
    columns: stdout.isTTY ? stdout.columns : 100,
  };
  return createProgram(`npm run ${name} --`, about, io).addHelpText(
    "after",
    `\nExit codes: ${exits}.`,
  );
}

/** @param work takes the options that the command declares, and its arguments; its number becomes the exit code */
export function withExitCode(
  command: Command,
  work: (options: never, words: readonly string[]) => number | Promise<number>,
): Command {
  perform(command, async () => {
    process.exitCode = await work(command.opts(), command.args);
  });
  return command;
}

/** Reads the command line of this process and does what it asks for. Exit code 2: it is wrong. */
export async function runScript(program: Command): Promise<void> {
  endOnClosedPipe(stdout);
  const usage = await parse(program, process.argv.slice(2));
  if (usage !== 0) process.exitCode = usage;
}

/** Runs the work; what goes wrong is said in a line, without a stack trace, and is exit code 1. */
export async function orSay(work: () => number | Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

export interface OutOptions {
  /** Absolute. */
  readonly out: string;
}

/** Where a script writes to. */
export function outOption(about: string, byDefault: string): Option {
  return new Option("--out <DIR>", about)
    .argParser((text: string) => resolve(text))
    .default(resolve(byDefault), byDefault);
}

/** Which data a world is made of, and how much. */
export const SEED_OPTION = new Option("--seed <N>", "other data; the same seed gives the same")
  .argParser(wholeNumber(0, 2 ** 32 - 1))
  .default(7);
export const TICKETS_OPTION = new Option(
  "--tickets <N>",
  "how many tickets the local Zendesk holds, 1 to 5000",
)
  .argParser(wholeNumber(1, 5_000))
  .default(300);
