/** One step of the database's form. */

export interface Migration {
  /** Unique and never changed once released: the record of what is applied. From 0021 on it is the name of the file. */
  readonly name: string;
  /** One or more statements, in one transaction with the record. For an index below: one statement, outside a transaction. */
  readonly sql: string;
  /**
   * The index that `sql` makes by `create index concurrently if not exists`, which blocks no writes and can be repeated: what a
   * crash left of it is dropped first.
   */
  readonly concurrentIndex?: string;
}
