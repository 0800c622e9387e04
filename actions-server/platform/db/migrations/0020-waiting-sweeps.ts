/** Until when a sweep waits. */
import type { Migration } from "../migration.ts";

export const waitingSweeps: Migration = {
  name: "sync-006-sweeps-wait",
  sql: `alter table sweeps add column waits_until timestamptz`,
};
