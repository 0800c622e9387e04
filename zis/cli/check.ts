/** `zis check`: what is wrong with bundles, and how much their flows can do at most. */
import { BUILT_IN_SECONDS, DEFAULT_ACTION_SECONDS, JQ_SECONDS } from "../check/bounds.ts";
import { checkTextAndJq } from "../check/check-jq.ts";
import { createExplainJq } from "../engine/jq-compile.ts";
import { readBudgets, unknownBudgets } from "./budgets.ts";
import {
  boundLines,
  type FileBound,
  type FileFinding,
  findingLines,
  summaryLine,
} from "./check-report.ts";
import { type Command, EXIT } from "./command.ts";
import { readText } from "./files.ts";
import { createStyle } from "../terminal/style.ts";
import { visible } from "../model/visible.ts";

interface CheckOptions {
  readonly budgets?: string;
  readonly json?: true;
}

export const checkCommand: Command<CheckOptions> = {
  name: "check",
  declare: (command) =>
    command
      .summary("report everything that is wrong with bundles, and the bounds of their flows")
      .description(
        "Checks bundles without running them. Reports every finding at once, with its line and column, and for " +
          "each flow the most state transitions and seconds that it can take (250 and 100 are allowed).",
      )
      .argument("<file...>", "bundles")
      .option(
        "--budgets <file>",
        "seconds that each custom action takes at most: {ACTION: SECONDS}. Default: NAME.budgets.json beside " +
          `NAME.json, else ${DEFAULT_ACTION_SECONDS} s an action. Jq counts ${JQ_SECONDS} s, another built-in ` +
          `action ${BUILT_IN_SECONDS} s`,
      )
      .option("--json", "print one object {findings, bounds}")
      .addHelpText("after", "\nExit codes: 0 no errors, 1 at least one error, 2 wrong usage."),
  async run(io, files, { budgets: given, json }) {
    const findings: FileFinding[] = [];
    const bounds: FileBound[] = [];
    const explain = createExplainJq();
    const texts = await Promise.all(files.map(readText));
    const warned = new Set<string>();
    for (const [index, file] of files.entries()) {
      const text = texts[index] ?? "";
      const budgets = await readBudgets(file, given);
      // A file that was named is for all bundles, one beside a bundle for that alone.
      const concerned = given === undefined ? [text] : texts;
      for (const warning of unknownBudgets(budgets, concerned)) warned.add(warning);
      const result = await checkTextAndJq(text, { budgets }, explain);
      findings.push(...result.findings.map((finding) => ({ file, ...finding })));
      bounds.push(...result.bounds.map((bound) => ({ file, ...bound })));
    }
    for (const warning of warned) io.err(`zis: ${visible(warning)}\n`);
    if (json) {
      io.out(`${JSON.stringify({ findings, bounds }, null, 2)}\n`);
    } else {
      const style = createStyle(io.colour);
      const lines = [
        ...findingLines(findings, style),
        ...boundLines(bounds, style, io.columns),
        summaryLine(findings, files.length, style),
      ];
      io.out(`${lines.join("\n")}\n`);
    }
    return findings.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.ok;
  },
};
