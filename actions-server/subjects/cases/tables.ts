declare module "#platform/db/schema" {
  interface Database {
    case_lookups: CaseLookupTable;
  }
}

/** The last look-up of each ticket, made for an event of the ticket or by a sweep. */
interface CaseLookupTable {
  account_id: string;
  ticket_id: string;
  /** Null: there was no single case. */
  case_id: string | null;
  /** As it was typed into the ticket; null: none was typed, or it is not known. */
  case_number: string | null;
  looked_at: Date;
}
