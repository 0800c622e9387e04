/** The log: one JSON object a line, of a bounded length; neither credentials nor bodies. */
import {
  pino,
  type BaseLogger,
  type DestinationStream,
  type Logger,
  type LoggerOptions,
} from "pino";
import { shorten } from "./shorten.ts";

/** What every part of the server may write to. */
export type Log = Pick<BaseLogger, "debug" | "info" | "warn" | "error">;

/** Members that are replaced wherever an object of the log has them, up to two levels deep. */
const HIDDEN: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "password",
  "token",
  "access_token",
  "client_secret",
]);
const DEEPEST_HIDDEN = 2;

/** Characters of one text in a line; of a stack trace more is of use. */
const LONGEST_TEXT = 1_000;
const LONGEST_STACK = 4_000;

/** Deep enough for what libraries wrap; an error may be its own cause. */
const DEEPEST_CAUSE = 5;
/** Of an AggregateError, such as one for each address of a host. */
const MOST_CAUSES = 5;

/**
 * What an error says of itself. Its other members stay out: Postgres puts the refused row into `detail`, ioredis the
 * command with its arguments into `command`.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (typeof error === "string") return { type: "string", message: shorten(error, LONGEST_TEXT) };
  if (typeof error !== "object" || error === null) return { type: typeof error };
  // Libraries also report what only looks like an Error: pg-boss copies its members into a plain object.
  const { name, message, stack, code, cause } = error as Readonly<Record<string, unknown>>;
  const causes =
    error instanceof AggregateError ? error.errors : cause === undefined ? [] : [cause];
  return {
    type: textOf(name) ?? "object",
    message: shortText(message, LONGEST_TEXT),
    stack: shortText(stack, LONGEST_STACK),
    code: textOf(code),
    ...(causes.length > 0 &&
      depth < DEEPEST_CAUSE && {
        causes: causes.slice(0, MOST_CAUSES).map((each) => describeError(each, depth + 1)),
      }),
  };
}

/** The same value when it has nothing to hide, else a copy. */
function hide(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > DEEPEST_HIDDEN) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [name, member] of Object.entries(value)) {
    const shown = HIDDEN.has(name) ? "[hidden]" : hide(member, depth + 1);
    if (shown !== member) {
      copy ??= { ...value };
      copy[name] = shown;
    }
  }
  return copy ?? value;
}

/**
 * What may be shown of a line's object. Not by pino's `redact`, which also goes over the one binding of each request's
 * logger, its id: that cost a replay 3 µs.
 */
function tidy(members: Record<string, unknown>): Record<string, unknown> {
  const tidied = { ...members };
  for (const [name, value] of Object.entries(members)) {
    if (HIDDEN.has(name)) tidied[name] = "[hidden]";
    else if (typeof value === "string") tidied[name] = shorten(value, LONGEST_TEXT);
    else if (!Object.hasOwn(SERIALIZERS, name)) tidied[name] = hide(value, 1);
  }
  return tidied;
}

/** These name the few members that they show. */
const SERIALIZERS = {
  err: (error: unknown) => describeError(error),
  req: (request: { id: string; method: string; url: string }) => ({
    id: request.id,
    method: request.method,
    // The query could hold what it should not.
    path: shorten(request.url.split("?", 1)[0] ?? "", LONGEST_TEXT),
  }),
  res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
};

function textOf(member: unknown): string | undefined {
  return typeof member === "string" ? member : undefined;
}

function shortText(member: unknown, longest: number): string | undefined {
  return typeof member === "string" ? shorten(member, longest) : undefined;
}

/** Writes to standard output by default. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    formatters: { log: tidy },
    serializers: SERIALIZERS,
  };
  return destination ? pino(options, destination) : pino(options);
}
