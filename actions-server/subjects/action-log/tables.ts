import type { Generated } from "kysely";

declare module "#platform/db/schema" {
  interface Database {
    action_log: ActionLogTable;
  }
}

/** One row for each finished write action, and for each read that failed. */
interface ActionLogTable {
  account_id: string;
  /** bigint, hence text in JavaScript. */
  serial: Generated<string>;
  at: Date;
  operation: string;
  ticket_id: string | null;
  event_key: string | null;
  /** `outcome` of the answer, or a code of the error table. */
  outcome: string;
  failed: boolean;
  message: string | null;
  duration_ms: number;
  /** From the event in Zendesk to the work here; null when the request does not say when the event happened. */
  lag_seconds: number | null;
}
