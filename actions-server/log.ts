/** The log: one JSON object a line; neither credentials nor bodies. */
import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";

/** Members that are replaced wherever an object of the log has them, up to two levels deep. */
const HIDDEN = ["authorization", "cookie", "password", "token", "access_token", "client_secret"];

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
