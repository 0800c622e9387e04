/** Runs node, or the command caseqa, in a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compileCache } from "./compile-cache.ts";
import type { Finished } from "./run-script.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

export interface NodeRun extends Finished {
  /** What stood on stdout as JSON. Throws when it was none. */
  readonly json: Record<string, unknown>;
}

/** How a process of the command is started. */
export function caseqaCommand(args: readonly string[]): {
  readonly node: string;
  readonly args: readonly string[];
} {
  return { node: process.execPath, args: [MAIN, ...args] };
}

/** Runs node to its end. */
export async function runNode(
  args: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly input?: string | undefined;
  },
): Promise<NodeRun> {
  const { env, cwd, input } = options;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...compileCache(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command that does not read it may be gone before it is written.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return nodeRun({ code, stdout, stderr });
}

/** What a command wrote and how it ended, with its JSON. */
export function nodeRun(finished: Finished): NodeRun {
  const { code, stdout, stderr } = finished;
  return {
    ...finished,
    get json() {
      try {
        return JSON.parse(stdout) as Record<string, unknown>;
      } catch {
        throw new Error(`no JSON on stdout (exit ${code}): ${stdout}\n${stderr}`);
      }
    },
  };
}
