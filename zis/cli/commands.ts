/** Which command an invocation of `zis` means, and how it ends. */
import { nearestPhrase } from "../check/nearest.ts";
import manifest from "../package.json" with { type: "json" };
import { type Command, EXIT, type Io } from "./command.ts";
import { visible } from "../model/visible.ts";
import { UsageError } from "../terminal/usage-error.ts";

/**
 * Runs one invocation.
 *
 * @param args what follows `zis` on the command line
 * @returns the exit code. Never rejects: what is wrong is told on standard error, without a stack trace.
 */
export async function runCommandLine(
  commands: readonly Command[],
  args: readonly string[],
  io: Io,
): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      return help(commands, rest[0], name === undefined, io);
    }
    if (name === "--version" || name === "-v") {
      io.out(`${manifest.version}\n`);
      return EXIT.ok;
    }
    const command = requireCommand(commands, name);
    if (asksForHelp(rest)) {
      io.out(command.help);
      return EXIT.ok;
    }
    return await command.run(rest, io);
  } catch (error) {
    const message = visible(error instanceof Error ? error.message : String(error));
    const known = error instanceof UsageError;
    io.err(known ? `zis: ${message}\n` : `zis: an error that should not happen: ${message}\n`);
    const usage = commands.find((each) => each.name === name)?.name;
    if (known && usage !== undefined) io.err(`zis ${usage} --help shows how it is used.\n`);
    return EXIT.usage;
  }
}

/** `--help` anywhere before `--`. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

function requireCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command) return command;
  const names = commands.map((each) => each.name);
  throw new UsageError(
    `there is no ${name.startsWith("-") ? "option" : "command"} ${name}${nearestPhrase(name, names)}; there are ${names.join(", ")}`,
  );
}

/** Without any command the list is wrong usage. */
function help(
  commands: readonly Command[],
  topic: string | undefined,
  wrong: boolean,
  io: Io,
): number {
  if (topic !== undefined && !topic.startsWith("-")) {
    io.out(requireCommand(commands, topic).help);
    return EXIT.ok;
  }
  (wrong ? io.err : io.out)(overview(commands));
  return wrong ? EXIT.usage : EXIT.ok;
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: zis COMMAND [options]

A local runtime for Zendesk Integration Services (ZIS) bundles.

${list.join("\n")}

  zis COMMAND --help   how a command is used
  zis --version        ${manifest.version}
`;
}
