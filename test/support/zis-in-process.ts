/** Runs the command zis in this process: the same commands, with an Io of the test's own. */
import { Readable } from "node:stream";
import { runZis } from "#zis/cli/commands";
import type { Finished } from "./run-script.ts";

/** Runs one invocation to its end, as a process without a terminal would. @param input what comes on standard input */
export async function runZisInProcess(args: readonly string[], input = ""): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  const code = await runZis(args, {
    stdin: Readable.from([input]),
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    colour: false,
    columns: 100,
  });
  return { code, stdout, stderr };
}
