/** The thread that jq runs in: one program at a time, and a new instance after a trap. */
import { parentPort, workerData } from "node:worker_threads";
import { loadJq, type Jq } from "jq-wasm";

/** What the thread is started with. */
export interface JqWorkerData {
  readonly wasmModule: WebAssembly.Module;
  readonly maxOutputBytes: number;
}

/** One program to run. */
export interface JqRequest {
  readonly expr: string;
  /** The input as JSON text. */
  readonly input: string;
}

/** Every output as JSON text, one a line; or why there are none. */
export type JqReply =
  | { readonly ok: true; readonly outputs: string }
  | { readonly ok: false; readonly error: string };

const { wasmModule, maxOutputBytes } = workerData as JqWorkerData;

let instance: Promise<Jq> = loadJq({ wasmModule });

async function run({ expr, input }: JqRequest): Promise<JqReply> {
  const jq = await instance;
  try {
    // "--" ends the options, so that a program may begin with a minus.
    const { exitCode, stdout, stderr } = jq.raw(input, expr, ["-c", "--"]);
    if (exitCode !== 0) return { ok: false, error: errorText(stderr, exitCode) };
    if (stdout.length > maxOutputBytes) {
      return {
        ok: false,
        error: `the output is larger than the ${maxOutputBytes} bytes of limits.jqOutputBytes`,
      };
    }
    return { ok: true, outputs: stdout };
  } catch (error) {
    // A WebAssembly trap, such as a stack overflow: the instance's memory is in an unknown state.
    instance = loadJq({ wasmModule });
    return { ok: false, error: `jq stopped: ${String(error)}` };
  }
}

/** jq's message without its own name and the place in its standard input. */
function errorText(stderr: string, exitCode: number): string {
  const text = stderr.replace(/^jq: error(?: \(at [^)]*\))?:?\s*/, "").trim();
  return text === "" ? `jq ended with exit code ${exitCode}` : text;
}

const port = parentPort;
port?.on("message", (request: JqRequest) => {
  void run(request).then((reply) => port.postMessage(reply));
});
await instance;
port?.postMessage("ready");
