/**
 * Every table of the database, by its name. Each owner's `tables.ts` adds its own, so that this file imports none of them.
 * The key of each table is led by `account_id`.
 */
export interface Database {}
