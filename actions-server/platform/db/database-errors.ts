/** Distinguishes an unavailable database from a wrong statement. */

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html, and the codes of Node's sockets. Class 53 is a server
 * without disk space or connections, 57014 a statement that took too long, 58030 a disk that fails, 25006 a server that only
 * reads, as after a failover.
 */
const UNAVAILABLE_CODES =
  /^(08...|25P0[34]|25006|53...|57014|57P0[1-5]|58030|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|(ENET|EHOST)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN)$/;

/** pg, pg-pool and Kysely say these without a code. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client was closed|Client has encountered a connection error|Postgres connection has been discarded|Cannot use a pool after calling end|driver has already been destroyed|There was an error establishing an SSL connection)/;

/** The database did not answer. */
export class DatabaseTimeout extends Error {
  override readonly name = "DatabaseTimeout";
  readonly code = "ETIMEDOUT";

  constructor() {
    super("the database did not answer in time");
  }
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Whether the same statement may succeed once the database is back. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  if (!(error instanceof Error)) return false;
  return UNAVAILABLE_CODES.test(codeOf(error)) || UNAVAILABLE_MESSAGES.test(error.message);
}

/** What a database of class 53 lacks, in words. */
export const OUT_OF_ROOM = "the database is out of disk space, memory or connections";

/** Whether the database lacks disk space, memory or connections (class 53): it answers, but does not work. */
export function isDatabaseExhausted(error: unknown): boolean {
  return error instanceof Error && /^53...$/.test(codeOf(error));
}

/** Whether a statement lost to another transaction: it waited too long for a lock, or was the victim of a deadlock. */
export function isDatabaseBusy(error: unknown): boolean {
  return error instanceof Error && /^(55P03|40P01)$/.test(codeOf(error));
}
