/** `caseqa rollback`: brings back an earlier bundle. */
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
for a sweep. The app and the settings stay; the settings are written in the version that the earlier bundle reads.`)
        .option(
          "--to <HASH>",
          "the bundle's hash, or at least its first 8 characters (default: the previous bundle)",
          hashStart,
        )
        .option("--dry-run", "show which bundle it would be"),
      "0 rolled back, 1 failed, 2 wrong usage, 3 this credential may not upload a bundle: roll back in the app",
    ),
  ifStopped:
    "The bundle may be back without its job specs. Run caseqa rollback again, or caseqa upgrade to go back to this build.",
  async run(io, _words, options) {
    const { to: wanted, dryRun, json } = options;
    return withAccount(io, options, async ({ context }) => {
      io.progress.show("reading the earlier bundles");
      const previous = await listPrevious(context);
      const to = previous.find(({ hash }) => hash.startsWith(wanted ?? ""));
      if (!to) {
        const known = previous.map(({ hash }) => hash.slice(0, 12)).join(", ");
        throw new Refused(
          wanted === undefined
            ? "there is no bundle to go back to"
            : `no earlier bundle has the hash ${wanted}`,
          known === ""
            ? "Only bundles that this version uploaded are kept."
            : `The earlier bundles are ${known}.`,
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
  throw new InvalidArgumentError(
    "A hash has 8 to 64 of the characters 0-9 and a-f; caseqa status lists them.",
  );
}
