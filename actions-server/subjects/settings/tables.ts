import type { Generated, JSONColumnType } from "kysely";

declare module "#platform/db/schema" {
  interface Database {
    settings_history: SettingsHistoryTable;
  }
}

/** One row for each time that different settings came into force; rows are never changed or deleted. */
interface SettingsHistoryTable {
  account_id: string;
  /** bigint, hence text in JavaScript. The greatest of an account is in force. */
  serial: Generated<string>;
  /** The document's revision; two administrators who save at once may make two documents with the same one. */
  revision: number;
  document: JSONColumnType<Record<string, unknown>>;
  /** A hash of the document: equal documents have equal hashes. */
  fingerprint: string;
  applied_at: Date;
}
