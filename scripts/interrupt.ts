/** Ctrl-C and SIGTERM: turned into a promise, so that what was started is stopped in its order. */

export interface Interrupt {
  /** Resolves at the first signal. */
  readonly signalled: Promise<void>;
  /** Rejects at the first signal, settles with the work otherwise. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** Thrown out of `during` when a signal came first. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** The exit code of a program that Ctrl-C ended, as shells expect it. */
export const EXIT_INTERRUPTED = 130;

/** Listens from now on; a second signal ends the process at once, as it would without us. */
export function listenForInterrupt(): Interrupt {
  const signalled = new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  return {
    signalled,
    during: (work) =>
      Promise.race([
        work,
        signalled.then(() => {
          throw new Interrupted("interrupted");
        }),
      ]),
  };
}
