/** Switches that change the apps stand-in while it runs. HTTP failures are made with `faults`. */

export interface AppSwitches {
  /** What every upload job fails with; the app is not created or updated then. Undefined: they succeed. */
  failJobs: string | undefined;
  /** How often a job answers `working` first. */
  pollsBeforeDone: number;
  /** `sub` of signed tokens: the user's address or the bare id. The documented examples show an address. */
  tokenSubject: "url" | "id";
  /** Seconds that a signed token is valid. Not documented. */
  tokenSeconds: number;
  /** Whether writes by session want a CSRF token, as Zendesk's do. */
  csrf: boolean;
  /** Which client of the app framework an app gets that asks for Zendesk's: the one here needs no internet. */
  sdk: "stand-in" | "zendesk";
}

export function appSwitches(changed: Partial<AppSwitches> = {}): AppSwitches {
  return {
    failJobs: undefined,
    pollsBeforeDone: 0,
    tokenSubject: "url",
    tokenSeconds: 60,
    csrf: true,
    sdk: "stand-in",
    ...changed,
  };
}
