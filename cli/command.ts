/** What a command of `caseqa` is, and what it may use. */
import type { CommandSpec, Terminal } from "#zis/terminal/command-line";
import type { Progress } from "#zis/terminal/progress";

/** The process as a command sees it; tests and the zcli plugin provide their own. */
export interface Io extends Terminal {
  readonly stdin: NodeJS.ReadableStream;
  /** Whether a person can be asked: both standard input and output are a terminal. */
  readonly interactive: boolean;
  /** Shows the progress of work that takes a while. */
  readonly progress: Progress;
  /** Whether standard output may be coloured. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of `caseqa.json`, from which relative paths start. */
  readonly cwd: string;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Waits this many milliseconds; rejects when `stop` is aborted first. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly stop: AbortSignal;
}

export interface Command<Options extends object = object> extends CommandSpec<Io, Options> {
  /** What may be half done after a signal stopped it, and what to run next. */
  readonly ifStopped?: string;
}

/**
 * Exit codes: 0 success, 1 something is wrong (a failed step, a difference, a finding), 2 wrong usage,
 * 3 an administrator has to do the rest in the app; 130, stopped by Ctrl-C, is not set by the command itself.
 */
export const EXIT = { ok: 0, failed: 1, waiting: 3 } as const;

/** Thrown when Zendesk or our server refuses a request or does not answer: printed with its remedy, exit code 1. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
