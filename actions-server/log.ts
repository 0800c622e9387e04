/** The log: one JSON object a line; neither credentials nor bodies. */
import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";

/** Members that are replaced wherever an object of the log has them, up to two levels deep. */
const HIDDEN = ["authorization", "cookie", "password", "token", "access_token", "client_secret"];

/** Deep enough for what libraries wrap; an error may be its own cause. */
const DEEPEST_CAUSE = 5;

/**
 * What an error says of itself. Its other members stay out: Postgres puts the refused row into `detail`, ioredis the
 * command with its arguments into `command`.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const causes =
    error instanceof AggregateError ? error.errors : cause === undefined ? [] : [cause];
  return {
    type: name,
    message,
    stack,
    code,
    ...(causes.length > 0 &&
      depth < DEEPEST_CAUSE && { causes: causes.map((each) => describeError(each, depth + 1)) }),
  };
}

/** Writes to standard output unless told otherwise. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    redact: {
      paths: HIDDEN.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: "[hidden]",
    },
    serializers: {
      err: (error: unknown) => describeError(error),
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        // The query could hold what it should not.
        path: request.url.split("?", 1)[0],
      }),
      res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
