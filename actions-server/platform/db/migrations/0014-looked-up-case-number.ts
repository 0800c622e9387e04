/** The case number that a look-up was made with. */
import type { Migration } from "../migration.ts";

export const lookedUpCaseNumber: Migration = {
  name: "sync-002-looked-up-number",
  sql: `alter table case_lookups add column case_number text`,
};
