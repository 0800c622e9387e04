/** `caseqa rollback`: the bundle before, again. */
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { InvalidArgumentError } from "commander";
import { listPrevious } from "#install/previous-bundles";
import { rollBack } from "#install/rollback";
import { withAccount } from "../account.ts";
import { type Command, EXIT, Refused } from "../command.ts";
import { markedLine } from "../marked-line.ts";
import { createStyle } from "#zis/terminal/style";

interface RollbackOptions extends AccountOptions, DryRunOption {
  readonly to?: string;
}

export const rollbackCommand: Command<RollbackOptions> = {
  name: "rollback",
  declare: (command) =>
    onAccount(
      command
        .summary("bring back the previous bundle, with its job specs")
        .description(`Uploads an earlier bundle of ours again, installs its job specs, removes those that it lacks, and asks
for a catch-up. The app stays, and so do the settings, written in the version that the earlier bundle reads.`)
        .option(
          "--to <HASH>",
          "which: its hash, or the first 8 or more of its characters (default: the newest before)",
          hashStart,
        )
        .option("--dry-run", "show which it would be"),
      "0 it is back, 1 it is not, 2 wrong usage, 3 this credential may not upload it: roll back in the app",
    ),
  ifStopped:
    "The bundle may be back without its job specs. Run caseqa rollback again, or caseqa upgrade to have this build.",
  async run(io, _words, options) {
    const { to: wanted, dryRun, json } = options;
    return withAccount(io, options, async ({ context }) => {
      io.progress.show("reading the bundles before");
      const previous = await listPrevious(context);
      const to = previous.find(({ hash }) => hash.startsWith(wanted ?? ""));
      if (!to) {
        const known = previous.map(({ hash }) => hash.slice(0, 12)).join(", ");
        throw new Refused(
          wanted === undefined
            ? "there is no bundle to go back to"
            : `no bundle before is ${wanted}`,
          known === ""
            ? "Only bundles that this version uploaded are kept."
            : `There are ${known}.`,
        );
      }
      if (dryRun) {
        const text = `would bring back ${to.hash.slice(0, 12)} of ${to.uploadedAt}\n`;
        io.progress.done();
        io.out(json ? `${JSON.stringify({ dry_run: true, to })}\n` : text);
        return EXIT.ok;
      }
      io.progress.show(`bringing back ${to.hash.slice(0, 12)}`);
      const result = await rollBack(context, to.hash);
      io.progress.done();
      const ok = result.outcome === "rolled_back";
      if (json) {
        io.out(`${JSON.stringify({ ok, ...result })}\n`);
      } else {
        const remedy = result.outcome === "failed" ? result.remedy : null;
        const style = createStyle(io.colour);
        const mark = ok ? "ok" : "failed";
        io.out(`${markedLine(style, mark, "rollback", result.message, remedy)}\n`);
      }
      if (ok) return EXIT.ok;
      return /OAuth being disabled/i.test(result.message) ? EXIT.waiting : EXIT.failed;
    });
  },
};

function hashStart(text: string): string {
  if (/^[0-9a-f]{8,64}$/.test(text)) return text;
  throw new InvalidArgumentError("It is 8 to 64 of 0-9 and a-f; caseqa status lists them.");
}
