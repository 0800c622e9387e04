/** npm run soak: hours of changes and faults, then the store is compared with the source. */
import type { Command } from "commander";
import { npmScript, orSay, runScript, withExitCode } from "../../scripts/command-line.ts";
import { declareConversations, runConversationsSoak } from "./conversations.ts";

interface Soak {
  readonly declare: (command: Command) => Command;
  /** Resolves with the exit code. */
  readonly run: (options: never) => Promise<number>;
}

const SOAKS: Readonly<Record<string, Soak>> = {
  conversations: { declare: declareConversations, run: runConversationsSoak },
};

const program = npmScript(
  "soak",
  "Changes everything that can change while events are lost, doubled and delayed and servers are killed; then compares.",
  "0 equal, 1 not equal, or it could not run, 2 wrong usage",
);
for (const [name, { declare, run }] of Object.entries(SOAKS)) {
  withExitCode(declare(program.command(name)), (options) => orSay(() => run(options)));
}
await runScript(program);
