import type { Generated } from "kysely";

declare module "#platform/db/schema" {
  interface Database {
    sweeps: SweepTable;
    sweep_findings: SweepFindingTable;
    owed_tickets: OwedTicketTable;
  }
}

/** One row for each sweep. */
interface SweepTable {
  account_id: string;
  id: string;
  /** bigint, hence text in JavaScript: the order of the requests. */
  serial: Generated<string>;
  reason: string;
  dry_run: boolean;
  since: Date;
  /** Where it ends, by `generated_timestamp`: a window of a first load. Null: at the end of the export. */
  until: Date | null;
  /** The first load that the window belongs to. */
  load_id: string | null;
  /** Of a window: how many tickets Zendesk counted before it began; null: it was not asked. */
  expected_tickets: number | null;
  state: string;
  requested_at: Date;
  /** Until when it waits, because Zendesk holds back what changed in the last minute; null: it does not wait. */
  waits_until: Date | null;
  /** Null: it waits for its turn. */
  begun_at: Date | null;
  finished_at: Date | null;
  /** Zendesk's own, of the last page that was dealt with. */
  cursor: string | null;
  /** Tickets of the next page; null: as many as usual. */
  page_size: number | null;
  tickets_looked_at: number;
  /** Of these: old ones that only Zendesk touched. */
  tickets_left_alone: Generated<number>;
  message: string | null;
}

interface SweepFindingTable {
  account_id: string;
  sweep_id: string;
  ticket_id: string;
  /** For people, and the same whenever the same thing is found again. */
  what: string;
  kind: string;
  repaired: boolean;
}

/** A ticket that a sweep could not finish. */
interface OwedTicketTable {
  account_id: string;
  ticket_id: string;
  /** When it was first refused. */
  owed_since: Date;
  /** The id of the last sweep that tried. */
  tried_by: string;
}
