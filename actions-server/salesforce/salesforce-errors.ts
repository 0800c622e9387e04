/** Which error of ours a failure of Salesforce becomes. What Salesforce wrote is forwarded only where it is known to be harmless. */
import { AppError } from "../errors.ts";

/** Codes that say "later", whatever their status (REST API developer guide, "Status codes and error responses"). */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  "REQUEST_LIMIT_EXCEEDED",
  "QUERY_TIMEOUT",
  "SERVER_UNAVAILABLE",
  "SERVICE_UNAVAILABLE",
  "TXN_SECURITY_METERING_ERROR",
  "UNABLE_TO_LOCK_ROW",
  "UNKNOWN_EXCEPTION",
]);

/**
 * Statuses after which the same query may succeed. 406 and 420 are passing answers of Salesforce's edge
 * (observed by third parties); the REST API has no 429 of its own, a proxy may.
 */
export function isTransientStatus(status: number): boolean {
  return status === 406 || status === 420 || status === 429 || status >= 500;
}

/**
 * The error for what jsforce threw. `status` is that of the last reply, which jsforce does not hand over. A message
 * of Salesforce may hold the whole query, addresses included, or a page of HTML, so only its code and the name of
 * a missing field or object are kept, and no `cause` that a log would print. What is no reply of Salesforce comes
 * back as it is.
 */
export function toSalesforceError(thrown: unknown, status: number | undefined): unknown {
  if (!(thrown instanceof Error) || status === undefined || status < 400) return thrown;
  if (thrown instanceof AppError) return thrown;
  // jsforce puts the code into the name, and one of its own where the body has none.
  const code = /^ERROR_HTTP_\d+$/.test(thrown.name) ? undefined : thrown.name;
  const said = [code, missingThing(thrown.message)].filter((part) => part !== undefined).join(": ");
  const text = `Salesforce answered ${status}${said === "" ? "" : ` (${said})`}`;
  const transient = isTransientStatus(status) || (code !== undefined && TRANSIENT_CODES.has(code));
  return new AppError(transient ? "SALESFORCE_UNAVAILABLE" : "SALESFORCE_REFUSED", text);
}

/** A field that the integration user may not see looks like one that does not exist. */
function missingThing(message: string): string | undefined {
  const found = /No such column '\w+' on entity '\w+'|sObject type '\w+' is not supported/.exec(
    message,
  );
  return found?.[0];
}

/** The error for a reply that jsforce let through but that is not what Salesforce documents. */
export function unreadable(where: string, problem: string): AppError {
  return new AppError(
    "SALESFORCE_UNAVAILABLE",
    `Salesforce answered ${where} unreadably: ${problem}`,
  );
}
