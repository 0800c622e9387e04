/** How the REST API says no: a status and a JSON array of `{message, errorCode, fields?}`. */

export interface ErrorBody {
  readonly message: string;
  readonly errorCode: string;
  readonly fields?: readonly string[];
}

/** A refusal; thrown anywhere below a route, answered by the plugin's error handler. */
export class SalesforceError extends Error {
  readonly status: number;
  readonly errors: readonly ErrorBody[];

  constructor(status: number, errors: readonly ErrorBody[]) {
    super(errors.map((error) => `${error.errorCode}: ${error.message}`).join("; "));
    this.name = "SalesforceError";
    this.status = status;
    this.errors = errors;
  }
}

/** One refusal with one entry; `fields` is left out when not given, as the platform does. */
export function refusal(
  status: number,
  errorCode: string,
  message: string,
  fields?: readonly string[],
): SalesforceError {
  return new SalesforceError(status, [{ message, errorCode, ...(fields ? { fields } : {}) }]);
}

/** 404 for a resource, an object or a record that is not there. */
export function notFound(): SalesforceError {
  return refusal(404, "NOT_FOUND", "The requested resource does not exist");
}

/** 404 for a row addressed by something that is neither an id nor an external id field. */
export function noSuchExternalId(name: string): SalesforceError {
  return refusal(
    404,
    "NOT_FOUND",
    `Provided external ID field does not exist or is not accessible: ${name}`,
  );
}

/** 401 for a session that is unknown, expired or revoked. */
export function invalidSession(): SalesforceError {
  return refusal(401, "INVALID_SESSION_ID", "Session expired or invalid");
}

/** Text of an unknown field, the same in queries and in reads. */
export function noSuchColumn(field: string, object: string): string {
  return (
    `No such column '${field}' on entity '${object}'. If you are attempting to use a custom field, ` +
    "be sure to append the '__c' after the custom field name. " +
    "Please reference your WSDL or the describe call for the appropriate names."
  );
}
