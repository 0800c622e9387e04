/** What a runtime error of a flow is, and the texts that ZIS documents for them. */

/** A runtime error as a Catch sees it. */
export interface Fault {
  /** The error's name, `Error` in the data of a Catch. */
  readonly name: string;
  /** The error's text, `Cause` in the data of a Catch. */
  readonly cause: string;
  /** Status of the HTTP reply that caused it, if one did. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
}

/** Inferred: ZIS documents only the Cause; this is the Amazon States Language's name for a failed task. */
export const TASK_FAILED = "States.TaskFailed";

/** Thrown where data are resolved, caught where a state is decided; it never leaves the core. */
export class RuntimeFault extends Error {
  override readonly name = "RuntimeFault";
  readonly fault: Fault;

  constructor(cause: string, name: string = TASK_FAILED) {
    super(cause);
    this.fault = { name, cause };
  }
}

/**
 * The runtime error that an exception stands for; undefined when it is a fault of the program. Bundles and
 * data may be nested deeper than the call stack lets anything walk through them.
 */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof RuntimeFault) return error.fault;
  const isTooDeep = error instanceof RangeError && error.message.includes("call stack");
  return isTooDeep ? { name: TASK_FAILED, cause: "the data are nested too deeply" } : undefined;
}

/** The documented error for a path that leads nowhere. Source: fixing common ZIS errors. */
export function pathNotFound(path: string): RuntimeFault {
  return new RuntimeFault(`JSON path not found: ${path}`);
}

/**
 * True for the replies after which ZIS runs the whole flow again: 429 and 5xx. Source: an earlier page on
 * retries and error handling, which names 429 and 500; that 501 to 599 are alike is inferred.
 */
export function isRetryable(fault: Fault): boolean {
  return fault.status !== undefined && (fault.status === 429 || fault.status >= 500);
}
