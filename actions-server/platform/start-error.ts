/** Why the server could not start, for the person who started it. Pure. */

/** Thrown for a cause that the operator can fix: shown without a stack trace, with its remedy. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** What an error says: those of a connection that was tried at several addresses have no message of their own. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  if (error.message !== "") return error.message;
  return first === undefined
    ? ((error as NodeJS.ErrnoException).code ?? error.name)
    : reasonOf(first);
}

interface ListenError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
}

/** Cause and remedy, or the error itself with its stack trace where it is not one of those that are known. */
export function describeStartFailure(error: unknown): unknown {
  if (error instanceof StartError) return `${error.message}\n    ${error.remedy}`;
  if (!(error instanceof Error)) return error;
  const { code, syscall, address = "", port = "" } = error as ListenError;
  if (code === "EADDRINUSE" && syscall === "listen") {
    return `port ${port} at ${address} is in use\n    Stop the program that listens there, or set another port by PORT or MONITORING_PORT.`;
  }
  if (code === "EACCES" && syscall === "listen") {
    return `this user may not open port ${port}\n    Set PORT to one above 1023.`;
  }
  if (code === "EADDRNOTAVAIL" || (code === "ENOTFOUND" && syscall === "getaddrinfo")) {
    return `this machine has no address to listen at: ${error.message}\n    Set HOST to one of its addresses, such as 127.0.0.1 or 0.0.0.0.`;
  }
  return error;
}
