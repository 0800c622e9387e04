/** What jq says of a program without running it. */
import { loadJq, type Jq } from "jq-wasm";

/** jq's message about a program that it cannot compile; undefined for one that it can. */
export type ExplainJq = (program: string) => Promise<string | undefined>;

/** jq's exit code for a program that does not compile. */
const COMPILE_ERROR = 3;

/** jq is loaded with the first program. A program too deep for it is taken for one that compiles. */
export function createExplainJq(): ExplainJq {
  let instance: Promise<Jq> | undefined;
  return async (program) => {
    instance ??= loadJq();
    const jq = await instance;
    try {
      // Without any input jq compiles the program and has nothing to run it on.
      const { exitCode, stderr } = jq.raw("", program, ["-c", "--"]);
      return exitCode === COMPILE_ERROR ? firstLine(stderr) : undefined;
    } catch {
      // A WebAssembly trap, such as a stack overflow: the instance's memory is in an unknown state.
      instance = undefined;
      return undefined;
    }
  };
}

function firstLine(stderr: string): string {
  const [line = ""] = stderr.split("\n");
  return line
    .replace(/^jq: error: /, "")
    .replace(" at <top-level>", "")
    .replace(/:$/, "");
}
