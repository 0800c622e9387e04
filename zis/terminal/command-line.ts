/** How a program is declared once, for commander: what is parsed, the help, the completion and wrong usage follow from it. */
import {
  Argument,
  Command,
  CommanderError,
  InvalidArgumentError,
  type OptionValues,
} from "commander";
import { visible } from "../model/visible.ts";
import { completionScript, SHELLS } from "./completion.ts";
import { UsageError } from "./usage-error.ts";

/** What a command line needs of the process. */
export interface Terminal {
  /** Writes to standard output as is: end lines yourself. */
  readonly out: (text: string) => void;
  /** Writes to standard error as is. */
  readonly err: (text: string) => void;
  /** Columns of the terminal; 100 when standard output is not one. */
  readonly columns: number;
}

export interface CommandSpec<Io, Options extends object = OptionValues> {
  /** One or two words, such as `status` or `config get`. */
  readonly name: string;
  /** Declares what the help says, the arguments and the options. */
  declare(command: Command): Command;
  /** @returns the exit code. Throws a UsageError for wrong usage that commander cannot see. */
  run(io: Io, args: readonly string[], options: Options): Promise<number>;
}

export interface ProgramSpec<Io> {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly commands: readonly CommandSpec<Io>[];
  /** Below the list of commands. */
  readonly notes?: string;
}

/** The exit code of wrong usage. */
const USAGE = 2;

/**
 * Runs one invocation.
 *
 * @param args what follows the program's name on the command line
 * @returns the exit code, 2 for wrong usage, which is explained on standard error. Rejects with what a command rejects with.
 */
export async function runCommandLine<Io extends Terminal>(
  spec: ProgramSpec<Io>,
  args: readonly string[],
  io: Io,
): Promise<number> {
  let code = 0;
  const program = declareProgram(spec, io, (end) => (code = end));
  return (await parse(program, args)) || code;
}

/** The whole program as commander knows it. */
export function declareProgram<Io extends Terminal>(
  spec: ProgramSpec<Io>,
  io: Io,
  end: (code: number) => void,
): Command {
  const program = createProgram(spec.name, spec.description, io)
    .version(spec.version, "-v, --version", "print the version")
    .showHelpAfterError(`${spec.name} --help lists the commands.`);
  if (spec.notes !== undefined) program.addHelpText("after", `\n${spec.notes}`);
  for (const each of spec.commands) {
    const command = each.declare(commandNamed(program, each.name));
    command.showHelpAfterError(`${spec.name} ${each.name} --help shows how it is used.`);
    perform(command, async () => {
      end(await each.run(io, command.args, command.opts()));
    });
  }
  declareCompletion(program, io);
  return program;
}

/** A program that writes to a terminal of its own and never ends the process. */
export function createProgram(name: string, description: string, io: Terminal): Command {
  return new Command(name)
    .description(description)
    .helpOption("-h, --help", "print this text")
    .configureHelp({
      commandDescription: (command) => unwrapped(command.description()),
      subcommandTerm: nameBelowProgram,
      visibleCommands: ({ commands }) => commands.flatMap(leaves),
    })
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      outputError: (text, write) =>
        write(`${name.replace(/ --$/, "")}: ${visible(inOneLine(text))}\n`),
    })
    .exitOverride();
}

/** A command's name in its program, such as `config get`. */
export function nameBelowProgram(command: Command): string {
  const above = command.parent?.parent ? `${nameBelowProgram(command.parent)} ` : "";
  return `${above}${command.name()}`;
}

/** The commands themselves in place of the words that only lead to them. */
export function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

/** Paragraphs in one line each; a line that begins with a space stays. */
function unwrapped(text: string): string {
  return text.replaceAll(/(?<!\n)\n(?![\n ])/g, " ");
}

/** What a command does. A UsageError that it throws is reported as wrong usage. */
export function perform(command: Command, work: () => Promise<void>): void {
  refuseForgottenValues(command);
  command.action(async () => {
    try {
      await work();
    } catch (error) {
      if (error instanceof UsageError) command.error(error.message);
      throw error;
    }
  });
}

/** Does what a command line asks for. @returns the exit code: 0, or that of wrong usage, which is explained */
export async function parse(program: Command, args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : USAGE;
  }
}

function declareCompletion(program: Command, { out }: Terminal): void {
  program
    .command("completion")
    .summary("print a script that completes commands and options in a shell")
    .description(`For bash, add this to ~/.bashrc: source <(${program.name()} completion bash)`)
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .action((shell: string) => out(completionScript(program, shell)));
}

/** Commander begins with `error: ` and puts what may be meant on a line of its own. */
function inOneLine(text: string): string {
  return text
    .trimEnd()
    .replace(/^error: /, "")
    .replace(/\n(?=\(Did you mean)/, " ");
}

function commandNamed(program: Command, name: string): Command {
  const [first = "", second] = name.split(" ");
  if (second === undefined) return program.command(first);
  const topic = program.commands.find((command) => command.name() === first);
  return (topic ?? program.command(first)).command(second);
}

/** What is an option itself is not the value of the option before it: that was forgotten. */
function refuseForgottenValues({ options }: Command): void {
  for (const option of options.filter(({ required }) => required)) {
    const { parseArg } = option;
    option.argParser((value: string, previous: unknown): unknown => {
      if (value === "") throw new InvalidArgumentError("It needs a value.");
      if (options.some(({ short, long }) => value === short || value === long)) {
        throw new InvalidArgumentError("It needs a value before the next option.");
      }
      return parseArg ? parseArg(value, previous) : value;
    });
  }
}

/** The parser of an option that takes a number. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };
}

/** The parser of an option that may be repeated. */
export function repeatable(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
