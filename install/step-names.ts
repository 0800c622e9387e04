/** The steps of an installation, by name. */

/** In the order in which an installation runs them. */
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
