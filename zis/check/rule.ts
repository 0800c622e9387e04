/** What a rule of the checker is. */
import type { Analysis } from "./analysis.ts";
import type { Context } from "./context.ts";
import type { Found, Origin, Severity } from "./finding.ts";

export interface Rule {
  /** Kebab case; shown with every finding. */
  readonly name: string;
  readonly severity: Severity;
  /** Ours when absent. */
  readonly origin?: Origin;
  /** What it finds, in one sentence. */
  readonly what: string;
  /** Where the fact behind it comes from: a public page, an observation, or an inference. */
  readonly source: string;
  /** Pure. Never throws, whatever the bundle. */
  readonly find: (context: Context, analysis: Analysis) => Iterable<Found>;
}
