/** How a service refuses: a status and a body in one of the shapes that ZIS answers with. */

/** An answer that is not a success. Thrown by the stores, sent by the routes. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: number;
  /** A string is sent as plain text, anything else as JSON. */
  readonly body: unknown;

  constructor(status: number, message: string, body: unknown) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/**
 * The documented error envelope. Status and code are strings. Source: ZIS registry API, whose samples
 * show 1010 with 400, 1001 with 401 and 1050 with 500; other statuses are inferred to share them.
 */
export function envelope(status: number, detail: string, message: string = detail): unknown {
  const code = status === 401 ? "1001" : status >= 500 ? "1050" : "1010";
  return { errors: [{ code, detail, status: String(status) }], message };
}

/** A refusal in the documented envelope. */
export function serviceError(status: number, detail: string, message?: string): ServiceError {
  return new ServiceError(status, detail, envelope(status, detail, message));
}

/** 400: the request itself is wrong. */
export function invalid(detail: string, message?: string): ServiceError {
  return serviceError(400, detail, message);
}

/** 404: what the request names does not exist. */
export function notFound(detail: string): ServiceError {
  return serviceError(404, detail);
}

/** 409: the name is used already. */
export function conflict(detail: string): ServiceError {
  return serviceError(409, detail);
}
