/** What a command of `zis` is, and what it may touch. */

/** The process as a command sees it; tests give their own. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  /** Writes to standard output as is: end lines yourself. */
  readonly out: (text: string) => void;
  /** Writes to standard error as is. */
  readonly err: (text: string) => void;
  /** Whether standard output may be coloured. */
  readonly colour: boolean;
  /** Columns of the terminal; 100 when standard output is none. */
  readonly columns: number;
}

export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** All that `zis NAME --help` prints. */
  readonly help: string;
  /** @param args what follows the command's name. @returns the exit code. Throws a UsageError for 2. */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** Exit codes: 0 all well, 1 the answer is no (a finding, a run that failed), 2 wrong usage. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
