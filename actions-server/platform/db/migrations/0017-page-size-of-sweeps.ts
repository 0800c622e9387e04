/** How many tickets the next page of a sweep asks for. */
import type { Migration } from "../migration.ts";

export const pageSizeOfSweeps: Migration = {
  name: "sync-004-page-size",
  sql: `alter table sweeps add column page_size integer`,
};
