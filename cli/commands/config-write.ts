/** `caseqa config set` and `edit`: changes settings in ZIS Configs and waits until our server has them. */
import { type Command as CommanderCommand } from "commander";
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { wholeNumber } from "#zis/terminal/command-line";
import { UsageError } from "#zis/terminal/usage-error";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { importSettings } from "#install/settings-check";
import { exportSettings, readSettings, settingsHistory } from "#install/settings-edit";
import { type OpenAccount, withAccount } from "../account.ts";
import { type Command, EXIT, type Io, Refused } from "../command.ts";
import { saveDraft, type SaveOptions, startOf } from "../settings-save.ts";
import { problemLines } from "../settings-report.ts";
import { readInput } from "./config-read.ts";

const MAX_REVISION = 2_147_483_647;

interface SaveCommandOptions extends AccountOptions, DryRunOption {
  readonly why?: string;
}

interface SetOptions extends SaveCommandOptions {
  readonly file?: string;
  readonly revision?: number;
}

function declareSave(command: CommanderCommand, why: string): CommanderCommand {
  return onAccount(
    command
      .option("--why <TEXT>", `the reason, for caseqa config history (default: ${why})`)
      .option("--dry-run", "show what would change"),
  );
}

export const configSetCommand: Command<SetOptions> = {
  name: "config set",
  declare: (command) =>
    declareSave(
      command
        .summary("change settings, and wait until they are in force")
        .description(
          "Shows the differences, saves, and waits until our server has the new revision.",
        )
        .usage("(FIELD=VALUE... | --file FILE | --revision N) [options]")
        .argument(
          "[FIELD=VALUE...]",
          `VALUE is JSON or plain text: enabled=false, on_ambiguous=tag, 'ignore_tags=["bulk_import"]'`,
        )
        .option("--file <FILE>", "a whole document instead; - stands for standard input")
        .option(
          "--revision <N>",
          "the settings that were in force as revision N instead (caseqa config history)",
          wholeNumber(1, MAX_REVISION),
        ),
      "what was given",
    ),
  ifStopped:
    "Run caseqa config get to see what is saved; caseqa install --only settings_sync hands it to the server.",
  async run(io, assignments, options) {
    const { file, revision } = options;
    const ways = [assignments.length > 0, file !== undefined, revision !== undefined];
    if (ways.filter(Boolean).length !== 1) {
      throw new UsageError("give FIELD=VALUE, or --file, or --revision");
    }
    const document = file === undefined ? undefined : parseDocument(await readInput(io, file));
    const assigned = readAssignments(assignments);
    const why =
      revision === undefined
        ? assignments.join(" ") || `from ${file ?? ""}`
        : `revision ${revision} again`;
    return withAccount(io, options, async ({ context }) => {
      io.progress.show("reading the settings");
      const read = await readSettings(context);
      const wanted =
        document ??
        (revision === undefined
          ? { ...startOrRefuse(startOf(read), read.outcome), ...assigned }
          : await settingsOf(context, revision));
      return saveDraft(context, io, { read, document: wanted }, saveOptions(options, why));
    });
  },
};

export const configEditCommand: Command<SaveCommandOptions> = {
  name: "config edit",
  declare: (command) =>
    declareSave(
      command.summary("change the settings in your editor")
        .description(`Opens the settings in VISUAL or EDITOR; closing it checks, shows what differs, and saves. When the file is
wrong it is kept and its problems are shown. Needs a terminal.`),
      "edited",
    ),
  ifStopped:
    "Run caseqa config get to see what is saved; caseqa install --only settings_sync hands it to the server.",
  async run(io, _words, options) {
    const otherwise = "use caseqa config get > FILE, edit it, then caseqa config set --file FILE";
    if (!io.interactive) throw new UsageError(`config edit needs a terminal: ${otherwise}`);
    const editor = io.env["VISUAL"] || io.env["EDITOR"];
    if (!editor) throw new UsageError(`set EDITOR to your editor, or ${otherwise}`);
    return withAccount(io, options, async ({ context }) => {
      const read = await readSettings(context);
      const start =
        read.outcome === "wrong"
          ? `${JSON.stringify(read.document, null, 2)}\n`
          : exportSettings(startOf(read) ?? DEFAULT_SETTINGS);
      io.progress.done();
      const { text, file, discard } = await edit(editor, start, io);
      const checked = importSettings(text);
      if (!checked.ok) {
        io.err(
          `${problemLines(checked.problems)}Nothing was saved; what you wrote is in ${file}\n`,
        );
        return EXIT.failed;
      }
      const code = await saveDraft(
        context,
        io,
        { read, document: checked.settings },
        saveOptions(options, "edited"),
      );
      if (code === EXIT.ok) await discard();
      else io.err(`What you wrote is in ${file}\n`);
      return code;
    });
  },
};

function saveOptions(options: SaveCommandOptions, otherwise: string): SaveOptions {
  const { dryRun = false, json = false, why = otherwise } = options;
  return { dryRun, json, why };
}

/** `field=json` or `field=text`. Throws a UsageError for anything else, and for settings that are not set by hand. */
export function readAssignments(assignments: readonly string[]): Readonly<Record<string, unknown>> {
  const assigned = assignments.map((text): [string, unknown] => {
    const [, field, value] = /^([a-z_]+)=(.*)$/s.exec(text) ?? [];
    if (field === undefined || value === undefined)
      throw new UsageError(`"${text}" is not FIELD=VALUE`);
    if (!(field in DEFAULT_SETTINGS)) {
      const known = Object.keys(DEFAULT_SETTINGS).join(", ");
      throw new UsageError(`there is no setting ${field}; the settings are ${known}`);
    }
    if (field === "revision" || field === "version")
      throw new UsageError(`${field} is not set by hand`);
    return [field, parseValue(value)];
  });
  return Object.fromEntries(assigned);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--file: this is not JSON: ${(error as Error).message}`);
  }
}

function startOrRefuse<T>(start: T | undefined, outcome: string): T {
  if (start !== undefined) return start;
  throw outcome === "missing"
    ? new Refused("there are no settings yet", "Run caseqa install.")
    : new Refused("the saved settings are wrong", "Correct them with caseqa config edit.");
}

async function settingsOf(context: OpenAccount["context"], revision: number): Promise<unknown> {
  const { entries } = await settingsHistory(context);
  const found = entries.find((entry) => entry.revision === revision);
  if (found) return found.settings;
  throw new Refused(`revision ${revision} was never in force`, "caseqa config history lists them.");
}

interface Edited {
  readonly text: string;
  readonly file: string;
  /** Removes the file. */
  readonly discard: () => Promise<void>;
}

async function edit(editor: string, start: string, { env }: Io): Promise<Edited> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-"));
  const file = join(folder, "settings.json");
  await writeFile(file, start);
  // EDITOR may hold arguments, such as `code --wait`: the shell reads it as git's does.
  const child = spawn(`${editor} "${file}"`, { shell: true, stdio: "inherit", env });
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (code !== 0) throw new Error(`${editor} ended with ${code ?? "a signal"}; nothing was saved`);
  return {
    text: await readFile(file, "utf8"),
    file,
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}
