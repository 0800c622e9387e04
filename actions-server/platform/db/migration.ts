/** One step of the database's form. */

export interface Migration {
  /** Unique and never changed once released: the record of what is applied. From 0021 on it is the name of the file. */
  readonly name: string;
  /** One or more statements; they run in one transaction with the record. */
  readonly sql: string;
}
