/** Turns a failure of Salesforce into one of our errors. Salesforce's own text is passed on only where it is known to be harmless. */
import { AppError } from "#platform/errors";

/** Codes that mean "try again later", whatever their status (REST API developer guide, "Status codes and error responses"). */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  "REQUEST_LIMIT_EXCEEDED",
  "QUERY_TIMEOUT",
  "REQUEST_RUNNING_TOO_LONG",
  // The next page of a result has expired: the query can be run again.
  "INVALID_QUERY_LOCATOR",
  "SERVER_UNAVAILABLE",
  "SERVICE_UNAVAILABLE",
  "TXN_SECURITY_METERING_ERROR",
  "UNABLE_TO_LOCK_ROW",
  "UNKNOWN_EXCEPTION",
]);

/**
 * Statuses after which the same query may succeed. 406 and 420 are temporary answers of Salesforce's edge
 * (observed by third parties); the REST API itself never answers 429, but a proxy may.
 */
export function isTransientStatus(status: number): boolean {
  return status === 406 || status === 420 || status === 429 || status >= 500;
}

/**
 * The error for what jsforce threw. `status` is that of the last reply, which jsforce does not pass on. A message of
 * Salesforce may contain the whole query, addresses included, or a page of HTML. So only its code and the name of a missing
 * field or object are kept, without a `cause` that a log would print. An error that is not a reply of Salesforce is
 * returned unchanged.
 */
export function toSalesforceError(thrown: unknown, status: number | undefined): unknown {
  if (!(thrown instanceof Error) || status === undefined || status < 400) return thrown;
  if (thrown instanceof AppError) return thrown;
  const code = codeOf(thrown);
  const said = [code, missingThing(thrown.message)].filter((part) => part !== undefined).join(": ");
  const text = `Salesforce answered ${status}${said === "" ? "" : ` (${said})`}`;
  const transient =
    isTransientStatus(status) || (code === undefined ? status === 404 : TRANSIENT_CODES.has(code));
  return new AppError(transient ? "SALESFORCE_UNAVAILABLE" : "SALESFORCE_REFUSED", text);
}

/** jsforce puts the code into the name, or a code of its own where the body has none. */
function codeOf(thrown: Error): string | undefined {
  const name: unknown = thrown.name;
  return typeof name === "string" && !/^ERROR_HTTP_\d+$/.test(name) ? name : undefined;
}

/** Codes of the token endpoint that mean "try again later" (the last two by RFC 6749, section 4.1.2.1). */
const TRANSIENT_GRANT_CODES: ReadonlySet<string> = new Set([
  "unknown_error",
  "server_error",
  "temporarily_unavailable",
]);
/** `invalid_grant` also stands for permanent refusals such as "ip restricted", so the description decides. All were observed. */
const TRANSIENT_DESCRIPTION =
  /retry your request|already being processed|expired authorization code|login rate exceeded/i;
const LONGEST_DESCRIPTION = 200;

/**
 * The error for what jsforce threw at a request for a token. This endpoint's descriptions are only about the app and its user,
 * so operators may see them.
 */
export function toTokenError(thrown: unknown, status: number | undefined): unknown {
  if (!(thrown instanceof Error) || thrown instanceof AppError) return thrown;
  if (status === undefined || status < 400) return thrown;
  const code = codeOf(thrown);
  const description = code === undefined ? undefined : oneLine(thrown.message);
  const said = [code, description].filter((part) => part !== undefined).join(": ");
  const text = `Salesforce answered ${status}${said === "" ? "" : ` (${said})`}`;
  const transient =
    isTransientStatus(status) ||
    // The endpoint answers JSON, so a page comes from something between it and us.
    code === undefined ||
    TRANSIENT_GRANT_CODES.has(code) ||
    TRANSIENT_DESCRIPTION.test(description ?? "");
  return new AppError(transient ? "SALESFORCE_UNAVAILABLE" : "SALESFORCE_REFUSED", text);
}

function oneLine(text: string): string | undefined {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line === "" ? undefined : line.slice(0, LONGEST_DESCRIPTION);
}

/** A field that the integration user may not see looks like one that does not exist. */
function missingThing(message: string): string | undefined {
  const found = /No such column '\w+' on entity '\w+'|sObject type '\w+' is not supported/.exec(
    message,
  );
  return found?.[0];
}

/** The error for a reply that jsforce accepted but that does not match Salesforce's documentation. */
export function unreadable(where: string, problem: string): AppError {
  return new AppError(
    "SALESFORCE_UNAVAILABLE",
    `Salesforce answered ${where} unreadably: ${problem}`,
  );
}
