/** Old tickets that a sweep left alone. */
import type { Migration } from "../migration.ts";

export const ticketsLeftAlone: Migration = {
  name: "sync-005-left-alone",
  sql: `alter table sweeps add column tickets_left_alone integer not null default 0`,
};
