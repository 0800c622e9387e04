/** `caseqa config set` and `edit`: changes settings in ZIS Configs and waits until our server has them. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { importSettings } from "#install/settings-check";
import { exportSettings, readSettings, settingsHistory } from "#install/settings-edit";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, type OpenAccount, withAccount } from "../account.ts";
import { type Arguments, readArguments, requirePositionals, wholeNumber } from "../arguments.ts";
import { type Command, EXIT, EXIT_HELP, type Io, Misuse, Refused } from "../command.ts";
import { saveDraft, type SaveOptions, startOf } from "../settings-save.ts";
import { problemLines } from "../settings-report.ts";
import { readInput } from "./config-read.ts";

const FLAGS = [...ACCOUNT_FLAGS, "dry-run"];
const MAX_REVISION = 2_147_483_647;

export const configSetCommand: Command = {
  name: "config set",
  summary: "change settings, and wait until they are in force",
  help: `Usage: caseqa config set FIELD=VALUE... [options]
       caseqa config set --file FILE [options]
       caseqa config set --revision N [options]

VALUE is JSON or plain text: enabled=false, on_ambiguous=tag, 'ignore_tags=["bulk_import"]'.
Shows what differs, saves, and waits until our server has the new revision.

  --file FILE     a whole document instead; - reads standard input
  --revision N    the settings that were in force as revision N instead (caseqa config history)
  --why TEXT      the reason, for caseqa config history (default: what was given)
  --dry-run       show what would change
${ACCOUNT_HELP}
${EXIT_HELP}`,
  ifStopped:
    "Run caseqa config get to see what is saved; caseqa install --only settings_sync hands it to the server.",
  async run(args, io) {
    const parsed = readArguments(args, { values: ["file", "revision", "why"], flags: FLAGS });
    const { positionals } = parsed;
    const [file, revision] = [parsed.value("file"), parsed.value("revision")];
    const ways = [positionals.length > 0, file !== undefined, revision !== undefined];
    if (ways.filter(Boolean).length !== 1) {
      throw new Misuse("give FIELD=VALUE, or --file, or --revision");
    }
    const document = file === undefined ? undefined : parseDocument(await readInput(io, file));
    const assigned = readAssignments(positionals);
    const why =
      revision === undefined
        ? positionals.join(" ") || `from ${file ?? ""}`
        : `revision ${revision} again`;
    return withAccount(io, parsed, async ({ context }) => {
      io.progress.show("reading the settings");
      const read = await readSettings(context);
      const wanted =
        document ??
        (revision === undefined
          ? { ...startOrRefuse(startOf(read), read.outcome), ...assigned }
          : await settingsOf(context, revision));
      return saveDraft(context, io, { read, document: wanted }, saveOptions(parsed, why));
    });
  },
};

export const configEditCommand: Command = {
  name: "config edit",
  summary: "change the settings in your editor",
  help: `Usage: caseqa config edit [options]

Opens the settings in VISUAL or EDITOR; closing it checks, shows what differs, and saves. When the file is
wrong it is kept and its problems are shown. Needs a terminal.

  --why TEXT      the reason, for caseqa config history
  --dry-run       show what would change
${ACCOUNT_HELP}
${EXIT_HELP}`,
  ifStopped:
    "Run caseqa config get to see what is saved; caseqa install --only settings_sync hands it to the server.",
  async run(args, io) {
    const parsed = readArguments(args, { values: ["why"], flags: FLAGS });
    requirePositionals(parsed);
    const otherwise = "use caseqa config get > FILE, edit it, then caseqa config set --file FILE";
    if (!io.interactive) throw new Misuse(`config edit needs a terminal: ${otherwise}`);
    const editor = io.env["VISUAL"] || io.env["EDITOR"];
    if (!editor) throw new Misuse(`set EDITOR to your editor, or ${otherwise}`);
    return withAccount(io, parsed, async ({ context }) => {
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
        saveOptions(parsed, "edited"),
      );
      if (code === EXIT.ok) await discard();
      else io.err(`What you wrote is in ${file}\n`);
      return code;
    });
  },
};

function saveOptions(parsed: Arguments, otherwise: string): SaveOptions {
  const why = parsed.value("why") ?? otherwise;
  return { dryRun: parsed.flag("dry-run"), json: parsed.flag("json"), why };
}

/** `field=json` or `field=text`. Throws a Misuse for anything else, and for what nobody sets by hand. */
export function readAssignments(positionals: readonly string[]): Readonly<Record<string, unknown>> {
  const assigned = positionals.map((text): [string, unknown] => {
    const [, field, value] = /^([a-z_]+)=(.*)$/s.exec(text) ?? [];
    if (field === undefined || value === undefined)
      throw new Misuse(`"${text}" is not FIELD=VALUE`);
    if (!(field in DEFAULT_SETTINGS)) {
      const known = Object.keys(DEFAULT_SETTINGS).join(", ");
      throw new Misuse(`there is no setting ${field}; there are ${known}`);
    }
    if (field === "revision" || field === "version")
      throw new Misuse(`${field} is not set by hand`);
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
    throw new Misuse(`--file: this is no JSON: ${(error as Error).message}`);
  }
}

function startOrRefuse<T>(start: T | undefined, outcome: string): T {
  if (start !== undefined) return start;
  throw outcome === "missing"
    ? new Refused("there are no settings yet", "Run caseqa install.")
    : new Refused("the saved settings are wrong", "Correct them with caseqa config edit.");
}

async function settingsOf(context: OpenAccount["context"], text: string): Promise<unknown> {
  const revision = wholeNumber("--revision", text, 1, MAX_REVISION);
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
