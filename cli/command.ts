/** What a command of `caseqa` is, and what it may touch. */
import type { Progress } from "#zis/terminal/progress";

/** The process as a command sees it; tests and the plugin of zcli give their own. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  /** Whether a person at a terminal can be asked: both standard input and output are one. */
  readonly interactive: boolean;
  /** Writes to standard output as is: end lines yourself. */
  readonly out: (text: string) => void;
  /** Writes to standard error as is. */
  readonly err: (text: string) => void;
  /** What takes a while tells here how far it is. */
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

export interface Command {
  /** One or two words, such as `status` or `config get`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** All that `caseqa NAME --help` prints. */
  readonly help: string;
  /** What may be half done when a signal stopped it, and what to run then. */
  readonly ifStopped?: string;
  /** @param args what follows the command's name. @returns the exit code. Throws a Misuse for 2. */
  run(args: readonly string[], io: Io): Promise<number>;
}

/**
 * Exit codes: 0 all well, 1 the answer is no (a step failed, a difference, a finding), 2 the command was misused,
 * 3 what is left has to be done by an administrator in the app, 130 stopped by Ctrl-C.
 */
export const EXIT = { ok: 0, failed: 1, misuse: 2, waiting: 3, interrupted: 130 } as const;

/** The last line of every command's help. */
export const EXIT_HELP = "Exit codes: 0 all well, 1 something is not, 2 misuse.\n";

/** Thrown for what the user has to mend: it is printed without a stack trace, and the command exits with 2. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}

/** Thrown when Zendesk or our server refuse what was asked, or do not answer: printed with its remedy, exit code 1. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
