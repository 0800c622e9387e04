/** Finds zcli and runs it as a process with a closed standard input; its exit code is not trusted. */
import { UsageError } from "#zis/terminal/usage-error";
import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Io, Refused } from "../command.ts";

export interface ZcliRun {
  readonly code: number | null;
  /** Both streams, without colours. */
  readonly output: string;
}

const RUN_MS = 300_000;

/**
 * Where zcli is: what `--zcli` names, else the zcli that runs us as its plugin, else the first on PATH.
 *
 * @throws UsageError when the named file cannot be run; Refused when there is none
 */
export async function findZcli(named: string | undefined, { env, cwd }: Io): Promise<string> {
  if (named !== undefined) {
    const file = resolve(cwd, named);
    if (await runnable(file)) return file;
    throw new UsageError(`--zcli: ${file} cannot be run`);
  }
  const host = env["CASEQA_ZCLI"];
  if (host !== undefined && (await runnable(host))) return host;
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    const file = join(folder, process.platform === "win32" ? "zcli.cmd" : "zcli");
    if (folder !== "" && (await runnable(file))) return file;
  }
  throw new Refused(
    "zcli is not on PATH",
    "Install it (npm install --global @zendesk/zcli), or name it with --zcli FILE; --skip-app does everything except the app.",
  );
}

async function runnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Runs zcli to its end; a run that outlasts five minutes is killed. `onLine` gets each line of its output. */
export async function runZcli(
  zcli: string,
  args: readonly string[],
  { env, stop }: Pick<Io, "env" | "stop">,
  onLine: (line: string) => void,
): Promise<ZcliRun> {
  const child = spawn(zcli, args, {
    // With an open one it would ask a question and wait forever.
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_NO_WARNINGS: "1" },
    timeout: RUN_MS,
    signal: stop,
  });
  let output = "";
  const collect = (chunk: string) => {
    output += chunk;
    const line = saidBy(chunk).at(-1);
    if (line !== undefined) onLine(line);
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  return { code, output: withoutColours(output) };
}

/** The useful lines of an output, without notices about updates and deprecations. */
export function saidBy(output: string): readonly string[] {
  return withoutColours(output)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/deprecat|update available/i.test(line));
}

function withoutColours(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r", "\n");
}
