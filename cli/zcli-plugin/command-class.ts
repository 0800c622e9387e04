/** A command of ours as oclif 1 runs it: a class with static members, which needs nothing of oclif itself. */
import { isNodeTooOld } from "../../zis/model/node-version.ts";
import { EXIT_INTERRUPTED } from "../../zis/terminal/interrupt.ts";
import { COMMANDS } from "../commands.ts";
import { commandTexts, runCaseqa } from "../command-line.ts";
import { processIo } from "../process-io.ts";

/** What @oclif/core 1.26 reads of a command's class. */
export interface OclifCommand {
  readonly description: string;
  readonly usage: string;
  readonly examples: readonly string[];
  /** Arguments are ours to read: both stay undeclared, so that the two commands agree. */
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
 * @param name as `caseqa` has it, such as `config get`
 * @throws Error when there is no such command: the plugin was built from other sources
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
      // The zcli that runs us is the one to install the app with.
      const [, host] = process.argv;
      const io = processIo(host === undefined ? {} : { CASEQA_ZCLI: host });
      const code = await runCaseqa(COMMANDS, [...name.split(" "), ...argv], io);
      if (code === EXIT_INTERRUPTED) process.exit(code);
      process.exitCode = code;
    },
  };
}
