/** What a command of `zis` is, and what it may touch. */
import type { CommandSpec, Terminal } from "../terminal/command-line.ts";

/** The process as a command sees it; tests give their own. */
export interface Io extends Terminal {
  readonly stdin: NodeJS.ReadableStream;
  /** Whether standard output may be coloured. */
  readonly colour: boolean;
}

export type Command<Options extends object> = CommandSpec<Io, Options>;

/** Exit codes: 0 all well, 1 the answer is no (a finding, a run that failed), 2 wrong usage. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
