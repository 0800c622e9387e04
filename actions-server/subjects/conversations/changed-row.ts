/** Puts a conversation that changed at the end of the incremental export. */
import { sql } from "kysely";

/** The same in statements of our own text. */
export const CHANGED_ROW = "row_xid = pg_current_xact_id(), row_updated_at = now()";

/** Columns of `qa_conversations` that every change of a row sets. */
export const changedRow = {
  row_xid: sql<string>`pg_current_xact_id()`,
  row_updated_at: sql<Date>`now()`,
};
