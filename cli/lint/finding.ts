/** What the linter of the app package says. */

export interface LintFinding {
  /** `error`: Zendesk refuses the package, or the app would not work. `warning`: it is taken all the same. */
  readonly severity: "error" | "warning";
  /** Name of the rule. */
  readonly rule: string;
  /** From the package's root on, with `/`. */
  readonly file: string;
  /** 1-based; 0 where the file has no lines. */
  readonly line: number;
  readonly column: number;
  /** JSON pointer (RFC 6901) of what is wrong; empty outside JSON. */
  readonly path: string;
  readonly message: string;
  readonly cure: string;
}

/** What a rule found, before it is given a place in the text. */
export interface Found {
  readonly rule: string;
  readonly file: string;
  readonly path?: string;
  readonly message: string;
  readonly cure: string;
  /** Default: error. */
  readonly severity?: "error" | "warning";
}
