/** One check of the server's health: it uses the real thing, as the work does. */
import type { Deadline } from "../deadline.ts";
import type { CheckName } from "./remedies.ts";

/** What a check found; it may throw what failed instead. */
export interface CheckResult {
  readonly state: "ok" | "warning" | "failed";
  readonly message: string;
  readonly remedy?: string;
}

export interface Check {
  readonly name: CheckName;
  readonly run: (deadline: Deadline, account: string) => Promise<CheckResult>;
}
