/** What every step of an installation gets, and what it returns. */
import type { BundleTemplate } from "./bundle-template.ts";
import type { StepName } from "./step-names.ts";
import type { CallApi } from "./zendesk-api.ts";

export interface StepContext {
  /** Zendesk's own origin; `as: "integration"` wants `createZendeskCalls` or a session that serves for it. */
  readonly callZendesk: CallApi;
  /** Our server; contract/routes.ts says what it answers. */
  readonly callServer: CallApi;
  /** The same server with another credential, to test a token before Zendesk gets it. */
  readonly callServerAs: (token: string) => CallApi;
  readonly subdomain: string;
  /** Zendesk's origin, to which our server posts; absent: `https://<subdomain>.zendesk.com`. */
  readonly zendeskUrl?: string;
  /** Its name; `integrationName(subdomain)` for a new installation. */
  readonly integration: string;
  /** The actions server's origin, as Zendesk reaches it; no slash at the end. */
  readonly serverUrl: string;
  /** What the ZIS connection sends to our server; only the step `connections` uses it, to create or replace the connection. */
  readonly serverToken?: string;
  readonly template: BundleTemplate;
  readonly now: () => Date;
  /** A unique id, for an event. */
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** `already`: nothing had to be done. `waiting`: not finished, but not wrong; run it again later. */
export type StepOutcome = "done" | "already" | "failed" | "waiting";

export interface StepResult {
  readonly step: StepName;
  readonly outcome: StepOutcome;
  /** What was read back or what went wrong, in one or two sentences. */
  readonly message: string;
  /** What to do; null when nothing is wrong. */
  readonly remedy: string | null;
  /** What was found, for `--json` and details; holds no secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A result without the step's name, which `runStep` adds. */
export type StepFinding = Omit<StepResult, "step">;

/** One step: `run` does the work and reads it back, `check` only reads. Both reject with an InstallError. */
export interface Step {
  readonly run: (context: StepContext) => Promise<StepFinding>;
  readonly check: (context: StepContext) => Promise<StepFinding>;
}

/** The integration's name on an account. Names are unique over all Zendesk accounts. */
export function integrationName(subdomain: string): string {
  return `caseqa_${subdomain.toLowerCase().replaceAll(/[^a-z0-9_-]/g, "_")}`.slice(0, 64);
}
