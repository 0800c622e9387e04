/** Logs every refused request for the operator: who asked, from where, and why. */
import type { Log } from "../log.ts";
import type { Caller } from "./auth.ts";
import type { RequestValue } from "./request-value.ts";

/** Who sent each request, once that is known. */
export type KnownCallers = RequestValue<Caller>;

interface Refusal {
  /** A code of the error table. */
  readonly reason: string;
  /** Absent: nobody looked yet. */
  readonly caller?: Caller | undefined;
  readonly ip: string | undefined;
  /** More for people; never a word of a body or a credential. */
  readonly detail?: string;
}

export type Audit = (log: Log, refusal: Refusal) => void;

export interface AuditOptions {
  readonly countRefusal: (reason: string, callerKind: string) => void;
}

/** One log line with `event: "refused"` and one count for each refusal. */
export function createAudit({ countRefusal }: AuditOptions): Audit {
  return (log, { reason, caller, ip, detail }) => {
    const caller_kind = caller?.kind ?? "none";
    countRefusal(reason, caller_kind);
    const account = caller?.known ? caller.account : undefined;
    log.info({ event: "refused", reason, caller_kind, account, ip, detail }, "request refused");
  };
}
