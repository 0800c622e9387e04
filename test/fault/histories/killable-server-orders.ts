/** The messages between a killable server and its parent. */
import type { CrashPoint } from "./plan.ts";

export type Order =
  | { readonly kind: "die"; readonly point: CrashPoint; readonly passes: number }
  | { readonly kind: "live" }
  | { readonly kind: "clock"; readonly offsetMs: number };

/** The exit code of a server that could not start because the database was away (EX_TEMPFAIL of sysexits.h). */
export const CANNOT_START = 75;
