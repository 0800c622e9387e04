/** Redis for speed, never for truth: whoever uses it goes on without an answer when there is none in time. */
import { Redis as Client, ReplyError } from "ioredis";
import type { Log } from "../log.ts";
import type { Secret } from "../secret.ts";

/** What uses of Redis may call: every command of ioredis. */
type RedisCommands = Pick<
  Client,
  "get" | "set" | "del" | "eval" | "publish" | "incrby" | "pexpire" | "mget" | "ping"
>;

export interface Redis {
  /** Undefined when Redis is away, slow or refuses: do without. Never rejects, and never waits longer than a moment. */
  attempt<T>(use: (commands: RedisCommands) => Promise<T>): Promise<T | undefined>;
  /** Hears what is published on a channel while Redis is there; what is said meanwhile is lost. */
  subscribe(channel: string, hear: (message: string) => void): void;
  close(): Promise<void>;
}

export interface RedisOptions {
  /** `redis://…` or `rediss://…`; holds a password. */
  readonly url: Secret;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** Called for each use that had to do without. */
  readonly onMiss?: () => void;
}

/** A later answer is useless: the database answers sooner. */
const ANSWER_WITHIN_MS = 150;
const CONNECT_WITHIN_MS = 2_000;
/** After a failure nobody asks for so long, so that a slow Redis does not slow every request down. */
const LEFT_ALONE_MS = 500;
/** A connection that owes answers for so long is given up for a new one. */
const SOCKET_SILENT_MS = 5_000;
const FIRST_RECONNECT_MS = 50;
const LONGEST_RECONNECT_MS = 2_000;

class TooSlow extends Error {
  override readonly name = "TooSlow";
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new TooSlow(`no answer within ${ms} ms`)), ms);
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}

/** Connects in the background: a server starts, and goes on, without Redis. */
export function createRedis({ url, random, log, onMiss = () => {} }: RedisOptions): Redis {
  let isReported = false;
  let leftAloneUntil = 0;

  /** Once for each time that Redis is away, not once a request. */
  function report(error: unknown): void {
    // The message only: an error of ioredis carries its command, and that carries answers.
    const reason = error instanceof Error ? error.message : String(error);
    if (!isReported) log.warn({ reason }, "Redis is away or slow; the server works without it");
    isReported = true;
  }

  function connect(): Client {
    const client = new Client(url.reveal(), {
      connectTimeout: CONNECT_WITHIN_MS,
      socketTimeout: SOCKET_SILENT_MS,
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      // A command whose answer was lost may have worked; it is not for the connection to repeat it.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) =>
        Math.min(LONGEST_RECONNECT_MS, FIRST_RECONNECT_MS * 2 ** Math.min(attempt, 10)) *
        (0.5 + random() / 2),
    });
    // Without a listener ioredis prints to the console.
    return client.on("error", report);
  }

  const commands = connect();
  let listener: Client | undefined;
  const hearers = new Map<string, (message: string) => void>();

  function listen(): Client {
    const client = connect();
    client.on("message", (channel: string, message: string) => hearers.get(channel)?.(message));
    // Also after every reconnect, and without waiting: what is published until then is not needed.
    client.on("ready", () => void client.subscribe(...hearers.keys()).catch(report));
    return client;
  }

  return {
    async attempt(use) {
      if (commands.status !== "ready" || performance.now() < leftAloneUntil) {
        onMiss();
        return undefined;
      }
      try {
        const result = await within(use(commands), ANSWER_WITHIN_MS);
        if (isReported) log.info("Redis is back");
        isReported = false;
        return result;
      } catch (error) {
        // A refusal is of one command; the next may be right.
        if (!(error instanceof ReplyError)) leftAloneUntil = performance.now() + LEFT_ALONE_MS;
        onMiss();
        report(error);
        return undefined;
      }
    },
    subscribe(channel, hear) {
      hearers.set(channel, hear);
      listener ??= listen();
      if (listener.status === "ready") void listener.subscribe(channel).catch(report);
    },
    async close() {
      for (const client of [listener, commands]) client?.disconnect();
    },
  };
}
