/** What a command of `caseqa` is, and what it may touch. */
import type { CommandSpec, Terminal } from "#zis/terminal/command-line";
import type { Progress } from "#zis/terminal/progress";

/** The process as a command sees it; tests and the plugin of zcli give their own. */
export interface Io extends Terminal {
  readonly stdin: NodeJS.ReadableStream;
  /** Whether a person at a terminal can be asked: both standard input and output are one. */
  readonly interactive: boolean;
  /** Where work that takes a while shows how far it is. */
  readonly progress: Progress;
  /** Whether standard output may be coloured. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `caseqa.json` is looked for, and what relative paths begin at. */
  readonly cwd: string;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Waits so many milliseconds; rejects when `stop` comes first. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly stop: AbortSignal;
}

export interface Command<Options extends object = object> extends CommandSpec<Io, Options> {
  /** What may be half done when a signal stopped it, and what to run then. */
  readonly ifStopped?: string;
}

/**
 * Exit codes: 0 all well, 1 the answer is no (a step failed, a difference, a finding), 2 wrong usage,
 * 3 what is left has to be done by an administrator in the app; 130 stopped by Ctrl-C is not a command's own.
 */
export const EXIT = { ok: 0, failed: 1, waiting: 3 } as const;

/** Thrown when Zendesk or our server refuse what was asked, or do not answer: printed with its remedy, exit code 1. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
