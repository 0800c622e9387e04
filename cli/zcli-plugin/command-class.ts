/** One of our commands in the form that oclif 1 runs: a class with static members, which needs nothing from oclif itself. */
import { isNodeTooOld } from "../../zis/model/node-version.ts";
import { EXIT_INTERRUPTED } from "../../zis/terminal/interrupt.ts";
import { COMMANDS } from "../commands.ts";
import { commandTexts, runCaseqa } from "../command-line.ts";
import { processIo } from "../process-io.ts";

/** What @oclif/core 1.26 reads from a command's class. */
export interface OclifCommand {
  readonly description: string;
  readonly usage: string;
  readonly examples: readonly string[];
  /** We parse the arguments ourselves, so both stay undeclared and the two commands behave the same. */
  readonly args: readonly never[];
  readonly flags: Readonly<Record<string, never>>;
  readonly strict: false;
  id?: string;
  plugin?: unknown;
  run(argv: readonly string[]): Promise<void>;
}

/**
 * The class of a command.
 *
 * @param name as in `caseqa`, such as `config get`
 * @throws Error when the command does not exist, because the plugin was built from other sources
 */
export function commandClass(name: string): OclifCommand {
  const texts = commandTexts(COMMANDS).find((each) => each.name === name);
  if (!texts) throw new Error(`caseqa has no command ${name}: run npm run build:cli again`);
  const id = `caseqa:${name.replaceAll(" ", ":")}`;
  const [usage = "", ...rest] = texts.help.split("\n\n");
  return {
    description: `${texts.summary}\n${rest.join("\n\n").trimEnd()}`,
    usage: usage.replace(/^Usage: /, "").replaceAll(`caseqa ${name}`, id),
    examples: [],
    args: [],
    flags: {},
    strict: false,
    async run(argv) {
      if (isNodeTooOld("caseqa")) return;
      // Install the app with the zcli that is running us.
      const [, host] = process.argv;
      const io = processIo(host === undefined ? {} : { CASEQA_ZCLI: host });
      const code = await runCaseqa(COMMANDS, [...name.split(" "), ...argv], io);
      if (code === EXIT_INTERRUPTED) process.exit(code);
      process.exitCode = code;
    },
  };
}
