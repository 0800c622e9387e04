/** `caseqa config get`, `validate` and `history`: settings as they are, as they would be, as they were. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { importSettings } from "#install/settings-check";
import { explainedHistory, exportSettings, readSettings } from "#install/settings-edit";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, withAccount } from "../account.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, EXIT_HELP, type Io, Misuse, Refused } from "../command.ts";
import { problemLines } from "../settings-report.ts";
import { table } from "#zis/terminal/style";

export const configGetCommand: Command = {
  name: "config get",
  summary: "print the settings, or one of them",
  help: `Usage: caseqa config get [FIELD] [options]

Prints the settings as JSON, fit for caseqa config set --file and caseqa config validate; with FIELD that alone.

${ACCOUNT_HELP}
${EXIT_HELP}`,
  async run(args, io) {
    const parsed = readArguments(args, { flags: ACCOUNT_FLAGS });
    const [field] = parsed.positionals;
    if (field !== undefined) requirePositionals(parsed, "FIELD");
    return withAccount(io, parsed, async ({ context }) => {
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
        throw new Misuse(`there is no setting ${field}; there are ${known}`);
      }
      io.out(`${JSON.stringify(found[1])}\n`);
      return EXIT.ok;
    });
  },
};

export const configValidateCommand: Command = {
  name: "config validate",
  summary: "check whether a file holds settings, field by field",
  help: `Usage: caseqa config validate FILE [--json]

Checks a file without an account; - reads standard input. Older forms are brought to the form of today first.

  --json   one object {ok, problems, settings} on stdout
  --help   this text

Exit codes: 0 they are settings, 1 they are not, 2 misuse.
`,
  async run(args, io) {
    const parsed = readArguments(args, { flags: ["json"] });
    const [file = ""] = requirePositionals(parsed, "FILE");
    const checked = importSettings(await readInput(io, file));
    if (parsed.flag("json")) {
      const { ok } = checked;
      const problems = ok ? [] : checked.problems;
      io.out(`${JSON.stringify({ ok, problems, settings: ok ? checked.settings : null })}\n`);
    } else if (checked.ok) {
      const from = checked.migratedFrom;
      io.out(from === null ? "These are settings.\n" : `These are settings of version ${from}.\n`);
    } else {
      io.out(problemLines(checked.problems));
    }
    return checked.ok ? EXIT.ok : EXIT.failed;
  },
};

export const configHistoryCommand: Command = {
  name: "config history",
  summary: "list the settings that were in force",
  help: `Usage: caseqa config history [options]

Lists every revision that reached our server, newest first, with who saved it and why (--why of config set).
caseqa config set --revision N takes one up again.

${ACCOUNT_HELP}
${EXIT_HELP}`,
  async run(args, io) {
    const parsed = readArguments(args, { flags: ACCOUNT_FLAGS });
    requirePositionals(parsed);
    return withAccount(io, parsed, async ({ context }) => {
      const entries = await explainedHistory(context);
      io.progress.done();
      if (parsed.flag("json")) {
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

/** A file's text, or what comes from standard input for `-`. Throws a Misuse when it cannot be read. */
export async function readInput(io: Io, file: string): Promise<string> {
  if (file === "-") return text(io.stdin);
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Misuse(`${file}: ${code === "ENOENT" ? "there is no such file" : message}`);
  }
}
