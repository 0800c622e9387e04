/** What is wrong with an app package: as a rule finds it, and with its place in the text. */

/** What a rule found. */
export interface Found {
  /** Name of the rule. */
  readonly rule: string;
  /** From the package's root on, with `/`. */
  readonly file: string;
  /** JSON pointer (RFC 6901) of what is wrong; absent outside JSON. */
  readonly path?: string;
  readonly message: string;
  readonly remedy: string;
  /** `error` (the default): Zendesk refuses the package, or the app would not work. `warning`: it would all the same. */
  readonly severity?: "error" | "warning";
  /** An error that Zendesk's validator does not see: only the app would not work. */
  readonly unseen?: true;
}

export interface LintFinding {
  readonly severity: "error" | "warning";
  readonly rule: string;
  readonly file: string;
  /** 1-based; 0 where the file has no lines. */
  readonly line: number;
  readonly column: number;
  /** Empty outside JSON. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

/** Makes findings in one file. */
export function findingsIn(file: string) {
  return (rule: string, path: string, message: string, remedy: string): Found => ({
    rule,
    file,
    path,
    message,
    remedy,
  });
}
