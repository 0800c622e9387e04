/** Ctrl-C and SIGTERM as a signal, so that what was started is stopped in its order. */
import { once } from "node:events";

/** The exit code of a program that Ctrl-C ended, as shells expect it. */
export const EXIT_INTERRUPTED = 130;

/** Thrown for work that a signal stopped. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** What is half done and what to run; empty where that is not known. */
  readonly remedy: string;

  constructor(message = "interrupted", remedy = "") {
    super(message);
    this.remedy = remedy;
  }
}

/** Aborted at the first Ctrl-C or SIGTERM; the second one ends the process at once. */
export function listenForInterrupt(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED);
      stop.abort();
    });
  }
  return stop.signal;
}

/** Resolves when the signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

/** Settles with the work, or throws an Interrupted as soon as the signal is aborted; no work is begun after that. */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new Interrupted();
  const ended = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Interrupted()), { signal: ended.signal });
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    ended.abort();
  }
}
