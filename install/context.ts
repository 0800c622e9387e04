/** What every step of an installation is given, and what it answers. */
import type { BundleTemplate } from "./bundle-template.ts";
import type { CallApi } from "./zendesk-api.ts";

/** In the order in which an installation does them. */
export const STEP_NAMES = [
  "integration",
  "oauth_client",
  "connections",
  "bundle",
  "job_specs",
  "webhooks",
  "config",
  "settings_sync",
  "test_event",
] as const;
export type StepName = (typeof STEP_NAMES)[number];

export interface StepContext {
  /** Zendesk's own origin; `as: "integration"` wants `createZendeskCalls` or a session that serves for it. */
  readonly callZendesk: CallApi;
  /** Our server; paths of contract/admin.ts. */
  readonly callServer: CallApi;
  /** The same server by another credential: to try a token before it is given away. */
  readonly callServerAs: (token: string) => CallApi;
  readonly subdomain: string;
  /** Zendesk's origin, where our server posts to; absent: `https://<subdomain>.zendesk.com`. */
  readonly zendeskUrl?: string;
  /** Its name; `integrationName(subdomain)` for a new installation. */
  readonly integration: string;
  /** The actions server's origin, as Zendesk reaches it; no slash at the end. */
  readonly serverUrl: string;
  /** What the ZIS connection sends to our server; only `connections` wants it, and only to make or replace it. */
  readonly serverToken?: string;
  readonly template: BundleTemplate;
  readonly now: () => Date;
  /** Never the same twice: an event's id. */
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** `already`: nothing had to be done. `waiting`: not finished yet, and not wrong; run it again later. */
export type StepOutcome = "done" | "already" | "failed" | "waiting";

export interface StepResult {
  readonly step: StepName;
  readonly outcome: StepOutcome;
  /** What was read back, or what went wrong: one or two sentences. */
  readonly message: string;
  /** What to do; null when all is well. */
  readonly remedy: string | null;
  /** What was found, for `--json` and details; holds no secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What a step finds without its own name: `runStep` adds that. */
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
