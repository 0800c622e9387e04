/** Tells a database that is away from a statement that is wrong. */

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and the codes of Node's sockets. */
const UNAVAILABLE_CODES =
  /^(08...|25P03|53300|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/** pg and pg-pool say these without a code. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client was closed|Cannot use a pool after calling end)/;

/** Whether the same statement may succeed once the database is back. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return UNAVAILABLE_CODES.test(code) || UNAVAILABLE_MESSAGES.test(error.message);
}

/** Whether a statement gave way to another's transaction: it waited too long for a lock, or was the victim of a deadlock. */
export function isDatabaseBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(55P03|40P01)$/.test(String(error.code));
}
