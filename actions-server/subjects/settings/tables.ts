import type { Generated, JSONColumnType } from "kysely";

declare module "#platform/db/schema" {
  interface Database {
    settings_history: SettingsHistoryTable;
  }
}

/** One row for each time that other settings came into force; none is changed or deleted. */
interface SettingsHistoryTable {
  account_id: string;
  /** bigint, hence text in JavaScript. The greatest of an account is in force. */
  serial: Generated<string>;
  /** Of the document; two administrators who save at once may make two documents of one revision. */
  revision: number;
  document: JSONColumnType<Record<string, unknown>>;
  /** Over the document: equal documents have equal ones. */
  fingerprint: string;
  applied_at: Date;
}
