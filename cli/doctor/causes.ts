/** Which checks fail only because another one failed. Pure. */
import type { Check, CheckName } from "./check.ts";

const LOGIN: readonly CheckName[] = ["credential", "zendesk_login", "scopes"];
const STORE: readonly CheckName[] = ["server: database"];

/** What each check follows from. */
const FOLLOWS_FROM: Readonly<Partial<Record<CheckName, readonly CheckName[]>>> = {
  zendesk_login: ["credential"],
  scopes: ["credential", "zendesk_login"],
  "clock: Zendesk": ["zendesk_login"],
  plan: LOGIN,
  name: [...LOGIN, "plan"],
  app: [...LOGIN, "plan", "name"],
  installation: [...LOGIN, "plan", "name"],
  queue: ["server: jobs", ...STORE],
  sweep: ["name", "installation", "server: settings", ...STORE],
  "server: jobs": STORE,
  "server: flows": ["server: refused_flows", "name", "installation", ...STORE],
  "server: test_event": [
    "server: refused_flows",
    "server: webhooks",
    "name",
    "installation",
    ...STORE,
  ],
  "server: refused_flows": STORE,
  "server: webhooks": ["name", "installation", ...STORE],
  "server: settings": ["name", "installation", ...STORE],
  "server: installation": ["name", "app", ...STORE],
  "server: zendesk_scopes": ["server: zendesk_login"],
  "server: zendesk_token": ["server: zendesk_login"],
  "server: clock": ["server: zendesk_login"],
  "server: salesforce_objects": ["server: salesforce_login"],
};

export interface GroupedCheck extends Check {
  /** The failed check that this one follows from; null: it has its own cause. */
  readonly because: CheckName | null;
}

/** Adds to each failing check the one that it follows from. A check that itself follows from another is not a cause. */
export function groupByCause(checks: readonly Check[]): readonly GroupedCheck[] {
  const failed = new Set(checks.flatMap(({ name, state }) => (state === "failed" ? [name] : [])));
  const causeOf = (name: CheckName): CheckName | null =>
    FOLLOWS_FROM[name]?.find((cause) => failed.has(cause) && causeOf(cause) === null) ?? null;
  return checks.map((check) => ({
    ...check,
    because: check.state === "ok" ? null : causeOf(check.name),
  }));
}
