/** What the checker says about a bundle. */

export type Severity = "error" | "warning" | "info";

/** `registry`: Zendesk's registry refuses it at upload, with the text quoted. `ours`: a rule of this checker. */
export type Origin = "registry" | "ours";

export interface Finding {
  readonly severity: Severity;
  readonly origin: Origin;
  /** Name of the rule, as in the table of rules. */
  readonly rule: string;
  /** JSON pointer (RFC 6901) of the value that is wrong, or of the object that lacks a member. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units, as editors count. */
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** What one rule found, before it is given its rule's name and a place in the text. */
export interface Found {
  readonly path: string;
  /** Point at the member's name instead of at its value. */
  readonly atKey?: boolean;
  readonly message: string;
  readonly hint: string;
  /** When it differs from the rule's own. */
  readonly severity?: Severity;
}
