/** What commands declare in common: options and exit codes. */
import type { Command } from "commander";

const EXITS = "0 success, 1 something is wrong, 2 wrong usage";

/** @param exits the exit codes and what they mean */
export function withExits(command: Command, exits = EXITS): Command {
  return command.addHelpText("after", `\nExit codes: ${exits}.`);
}

export interface JsonOption {
  readonly json?: true;
}

export interface DryRunOption {
  readonly dryRun?: true;
}

export interface AccountOptions extends JsonOption {
  readonly tokenStdin?: true;
}

/** The options of every command that works on an account; the command declares its own first. */
export function onAccount(command: Command, exits = EXITS): Command {
  const declared = command
    .option("--json", "one JSON object on stdout, nothing else")
    .option(
      "--token-stdin",
      "read the server's token from standard input (default: CASEQA_SERVER_TOKEN)",
    );
  return withExits(declared, exits);
}
