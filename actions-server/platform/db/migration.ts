/** One step of the database's form. Each subject lists its own; `db/migrate.ts` applies all of them. */

export interface Migration {
  /** Unique over all subjects and never changed once released: the record of what is applied. */
  readonly name: string;
  /** One or more statements; they run in one transaction with the record. */
  readonly sql: string;
}
