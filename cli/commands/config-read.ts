/** `caseqa config get`, `validate` and `history`: the current settings, a file of settings, and earlier ones. */
import { onAccount, withExits, type AccountOptions, type JsonOption } from "../options.ts";
import { UsageError } from "#zis/terminal/usage-error";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { importSettings } from "#install/settings-check";
import { explainedHistory, exportSettings, readSettings } from "#install/settings-edit";
import { withAccount } from "../account.ts";
import { type Command, EXIT, type Io, Refused } from "../command.ts";
import { problemLines } from "../settings-report.ts";
import { table } from "#zis/terminal/style";

export const configGetCommand: Command<AccountOptions> = {
  name: "config get",
  declare: (command) =>
    onAccount(
      command
        .summary("print the settings, or one of them")
        .description(
          "Prints the settings as JSON, fit for caseqa config set --file and caseqa config validate.",
        )
        .argument("[FIELD]", "only this setting"),
    ),
  async run(io, [field], options) {
    return withAccount(io, options, async ({ context }) => {
      const read = await readSettings(context);
      io.progress.done();
      if (read.outcome === "missing") {
        throw new Refused("there are no settings yet", "Run caseqa install.");
      }
      if (read.outcome === "wrong") {
        io.out(`${JSON.stringify(read.document, null, 2)}\n`);
        io.err(problemLines(read.problems));
        return EXIT.failed;
      }
      if (field === undefined) {
        io.out(exportSettings(read.settings));
        return EXIT.ok;
      }
      const members = Object.entries(read.settings);
      const found = members.find(([name]) => name === field);
      if (!found) {
        const known = members.map(([name]) => name).join(", ");
        throw new UsageError(`there is no setting ${field}; the settings are ${known}`);
      }
      io.out(`${JSON.stringify(found[1])}\n`);
      return EXIT.ok;
    });
  },
};

export const configValidateCommand: Command<JsonOption> = {
  name: "config validate",
  declare: (command) =>
    withExits(
      command
        .summary("check whether a file holds settings, field by field")
        .description("Checks a file without an account. Older versions are converted first.")
        .argument("<FILE>", "- reads standard input")
        .option("--json", "one object {ok, problems, settings} on stdout"),
      "0 the settings are valid, 1 they are not, 2 wrong usage",
    ),
  async run(io, [file = ""], { json }) {
    const checked = importSettings(await readInput(io, file));
    if (json) {
      const { ok } = checked;
      const problems = ok ? [] : checked.problems;
      io.out(`${JSON.stringify({ ok, problems, settings: ok ? checked.settings : null })}\n`);
    } else if (checked.ok) {
      const from = checked.migratedFrom;
      io.out(
        from === null
          ? "The settings are valid.\n"
          : `The settings are valid, in version ${from}.\n`,
      );
    } else {
      io.out(problemLines(checked.problems));
    }
    return checked.ok ? EXIT.ok : EXIT.failed;
  },
};

export const configHistoryCommand: Command<AccountOptions> = {
  name: "config history",
  declare: (command) =>
    onAccount(
      command.summary("list the settings that were in force")
        .description(`Lists every revision that reached our server, newest first, with who saved it and why (--why of config set).
caseqa config set --revision N brings one of them back.`),
    ),
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context }) => {
      const entries = await explainedHistory(context);
      io.progress.done();
      if (options.json) {
        io.out(`${JSON.stringify({ entries })}\n`);
        return EXIT.ok;
      }
      const rows = entries.map(({ revision, applied_at: at, settings, by, why }) => [
        String(revision),
        at,
        settings.enabled ? "enabled" : "switched off",
        by ?? "unknown",
        why ?? "",
      ]);
      io.out(table([["revision", "in force since", "", "by", "why"], ...rows]));
      return EXIT.ok;
    });
  },
};

/** The text of a file, or of standard input for `-`. Throws a UsageError when it cannot be read. */
export async function readInput(io: Io, file: string): Promise<string> {
  if (file === "-") return text(io.stdin);
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: ${code === "ENOENT" ? "the file does not exist" : message}`);
  }
}
