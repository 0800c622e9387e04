/** How jq programs are run: in a thread of their own, one after the other, with a deadline and size limits. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { readJsonText } from "../model/json-text.ts";
import type { JqEffect, Outcome } from "./effects.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { JqReply, JqRequest, JqWorkerData } from "./jq-worker.ts";

/** The limits that one jq program has by itself. */
type JqLimits = Pick<Limits, "jqSeconds" | "jqInputBytes" | "jqOutputBytes">;

export interface Jq {
  /**
   * Runs a program. A jq error, an overdue program, data that are too large and an aborted signal are
   * `ok: false` outcomes. `outputs` holds every output, `result` the first one or null. The time it took
   * is that of the program alone, not of its turn in the queue.
   *
   * Rejects only when the thread cannot be started at all.
   */
  perform(effect: JqEffect, signal: AbortSignal): Promise<Outcome>;
  /** Ends the thread; programs that run or wait fail. */
  close(): Promise<void>;
}

declare global {
  /** What is needed here of WebAssembly, which Node's types leave out. */
  namespace WebAssembly {
    interface Module {}
    function compile(bytes: Uint8Array): Promise<Module>;
  }
}

interface Job {
  readonly request: JqRequest;
  readonly settle: (reply: JqReply, elapsedMs: number) => void;
  readonly fail: (error: unknown) => void;
}

/** Runs from sources and from compiled files alike: the thread's file is beside this one, ending alike. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith(".ts") ? "./jq-worker.ts" : "./jq-worker.js",
  import.meta.url,
);

let compiled: Promise<WebAssembly.Module> | undefined;

/** jq's machine code, compiled once for the process and shared by all threads. */
async function compileModule(): Promise<WebAssembly.Module> {
  const file = createRequire(import.meta.url).resolve("jq-wasm/jq.wasm");
  return WebAssembly.compile(await readFile(file));
}

/** Starts a thread and waits until jq is loaded in it. Idle, it does not keep the process alive. */
async function startWorker(maxOutputBytes: number): Promise<Worker> {
  compiled ??= compileModule();
  const workerData: JqWorkerData = { wasmModule: await compiled, maxOutputBytes };
  // What a trapped instance prints is of no use to anyone, so it is not passed on.
  const worker = new Worker(WORKER_FILE, { workerData, stdout: true, stderr: true });
  await once(worker, "message");
  // A thread that breaks while idle must not end the process; the next program replaces it.
  worker.on("error", () => {});
  worker.unref();
  return worker;
}

/** A jq performer with one warm thread, which is replaced when a program is overdue or aborted. */
export function createJq(limits: Partial<JqLimits> = {}): Jq {
  const { jqSeconds, jqInputBytes, jqOutputBytes } = { ...DEFAULT_LIMITS, ...limits };
  const deadlineMs = jqSeconds * 1_000;
  const queue: Job[] = [];
  let running: { readonly job: Job; readonly interrupt: (error: string) => void } | undefined;
  let closed = false;
  let worker = warmWorker();

  function warmWorker(): Promise<Worker> {
    const started = startWorker(jqOutputBytes);
    // The failure is reported to the jobs that need the thread.
    started.catch(() => {});
    return started;
  }

  function replaceWorker(): void {
    const old = worker;
    void old.then(
      (thread) => thread.terminate(),
      () => {},
    );
    if (!closed) worker = warmWorker();
  }

  function next(): void {
    if (running) return;
    const job = queue.shift();
    if (!job) return;
    const interruption = new AbortController();
    running = { job, interrupt: (error) => interruption.abort(error) };
    void runJob(job, interruption.signal).finally(() => {
      running = undefined;
      next();
    });
  }

  async function runJob(job: Job, interruption: AbortSignal): Promise<void> {
    try {
      const thread = await worker;
      const began = performance.now();
      const answer = await exchange(thread, job.request, interruption, deadlineMs);
      if (answer.lost) replaceWorker();
      // The moment between the deadline and our notice of it is not the program's.
      job.settle(answer.reply, Math.min(performance.now() - began, deadlineMs));
    } catch (error) {
      replaceWorker();
      job.fail(error);
    }
  }

  function drop(job: Job, error: string): void {
    const position = queue.indexOf(job);
    if (position >= 0) {
      queue.splice(position, 1);
      job.settle({ ok: false, error }, 0);
    } else if (running?.job === job) {
      running.interrupt(error);
    }
  }

  return {
    perform(effect, signal) {
      const input = JSON.stringify(effect.data);
      const refusal = refuse(input, { closed, aborted: signal.aborted, jqInputBytes });
      if (refusal) return Promise.resolve({ ok: false, error: refusal, elapsedMs: 0 });
      return new Promise<Outcome>((resolve, reject) => {
        const onAbort = () => drop(job, "the jq program was aborted");
        const job: Job = {
          request: { expr: effect.expr, input },
          settle: (reply, elapsedMs) => {
            signal.removeEventListener("abort", onAbort);
            resolve(toOutcome(reply, elapsedMs));
          },
          fail: (error) => {
            signal.removeEventListener("abort", onAbort);
            reject(error);
          },
        };
        signal.addEventListener("abort", onAbort, { once: true });
        queue.push(job);
        next();
      });
    },
    async close() {
      closed = true;
      for (const job of queue.slice()) drop(job, CLOSED);
      if (running) drop(running.job, CLOSED);
      await worker.then(
        (thread) => thread.terminate(),
        () => {},
      );
    },
  };
}

const CLOSED = "jq is closed";

function refuse(
  input: string,
  state: { readonly closed: boolean; readonly aborted: boolean; readonly jqInputBytes: number },
): string | undefined {
  if (state.closed) return CLOSED;
  if (state.aborted) return "the jq program was aborted";
  const bytes = Buffer.byteLength(input);
  if (bytes <= state.jqInputBytes) return undefined;
  return `the data given to Jq have ${bytes} bytes; limits.jqInputBytes allows ${state.jqInputBytes}`;
}

/** A reply, and whether the thread was lost on the way to it. */
interface Answer {
  readonly reply: JqReply;
  readonly lost: boolean;
}

function exchange(
  thread: Worker,
  request: JqRequest,
  interruption: AbortSignal,
  deadlineMs: number,
): Promise<Answer> {
  return new Promise((resolve) => {
    let settled = false;
    const settle = (reply: JqReply, lost: boolean) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      interruption.removeEventListener("abort", onInterrupt);
      thread.off("message", onMessage).off("error", onError).off("exit", onExit).unref();
      resolve({ reply, lost });
    };
    const lose = (error: string) => settle({ ok: false, error }, true);
    const onInterrupt = () => lose(String(interruption.reason));
    const onMessage = (reply: JqReply) => settle(reply, false);
    const onError = (error: Error) => lose(`jq stopped: ${error.message}`);
    const onExit = () => lose("jq stopped");
    const overdue = () =>
      lose(`the jq program ran longer than ${deadlineMs} ms, which is limits.jqSeconds`);
    // When this thread was busy itself, the timer fires late and an answer may be waiting behind it.
    const timer = setTimeout(() => setImmediate(() => setImmediate(overdue)), deadlineMs);
    interruption.addEventListener("abort", onInterrupt, { once: true });
    thread.on("message", onMessage).on("error", onError).on("exit", onExit).ref();
    // Interrupted while the thread was started: it has not been given the program.
    if (interruption.aborted) settle({ ok: false, error: String(interruption.reason) }, false);
    else thread.postMessage(request, []);
  });
}

/** The largest number, which jq writes for an infinite one. Source: the jq manual. */
const INFINITE = "1.7976931348623157e+308";

function toOutcome(reply: JqReply, elapsedMs: number): Outcome {
  if (!reply.ok) return { ok: false, error: reply.error, elapsedMs };
  const lines = reply.outputs.split("\n").filter((line) => line !== "");
  const read = lines.map(readJsonText);
  const outputs = read.map(({ value }) => value);
  const warnings = read.flatMap(({ inexact }) => inexact);
  if (reply.outputs.includes(INFINITE)) warnings.push(`jq writes ${INFINITE} for what is infinite`);
  return {
    ok: true,
    result: outputs[0] ?? null,
    outputs,
    ...(warnings.length > 0 && { warnings }),
    elapsedMs,
  };
}
