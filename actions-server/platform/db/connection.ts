/** Connections to Postgres that do not end the process when they break, and that limit every wait for an answer. */
import { Socket } from "node:net";
import { Client, Pool, type ClientBase, type ClientConfig, type PoolConfig } from "pg";
import type { Log } from "../log.ts";
import { DatabaseTimeout } from "./database-errors.ts";
import { preparedName } from "./prepared.ts";

const ANSWER_MS = 6_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Transactions only wait for the database; one whose server died must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** Postgres's own limit comes first: it names the reason, and the connection stays usable. */
const HEAD_START_MS = 1_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
/** Seconds after which Postgres notices a client that vanished, and frees its locks. */
const SERVER_KEEP_ALIVE =
  "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";
/** After a failover a connection may have stayed with a server that only reads. */
const OLDEST_CONNECTION_SECONDS = 300;

/**
 * A client that breaks its connection when a statement gets no answer within `query_timeout`: pg itself would give it back
 * to its pool with the statement still under way. It may break at any time, whoever holds it, without ending the process:
 * the statements fail, and the pool takes a new one.
 */
class WatchedClient extends Client {
  readonly #socket: Socket;
  readonly #answerMs: number;
  #watch: NodeJS.Timeout | undefined;

  constructor(config: ClientConfig = {}) {
    const { query_timeout: answerMs = ANSWER_MS, ...others } = config;
    const socket = new Socket();
    super({ ...others, stream: () => socket });
    this.#socket = socket;
    this.#answerMs = answerMs;
    this.on("error", () => {});
    this.on("drain", () => this.#stopWatching());
    this.on("end", () => this.#stopWatching());
  }

  /** As the driver's; a statement that is to be prepared gets its name. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the driver's overloads cannot be repeated here
  override query(...args: any[]): any {
    this.#stopWatching();
    this.#watch = this.#arm(2);
    const [text, values, ...others] = args as unknown[];
    const name = typeof text === "string" ? preparedName(text) : undefined;
    const given = name === undefined ? args : [{ name, text, values }, ...others];
    return Reflect.apply(super.query, this, given);
  }

  /** Breaks the connection now; what is under way fails with DatabaseTimeout. */
  drop(): void {
    this.#socket.destroy(new DatabaseTimeout());
  }

  /** In two halves, so that a paused process first reads what arrived meanwhile. */
  #arm(halves: number): NodeJS.Timeout {
    const pass = () => {
      if (halves === 1) this.drop();
      else this.#watch = this.#arm(halves - 1);
    };
    return setTimeout(pass, this.#answerMs / 2).unref();
  }

  #stopWatching(): void {
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }
}

export interface ConnectionOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Most connections at once. */
  readonly max: number;
  /** How long a statement may take. Default: 6 s. */
  readonly answerMs?: number | undefined;
  /** How long a statement may wait for another's lock. Default: as long as it may take. */
  readonly lockMs?: number | undefined;
}

/** For every pool of connections, also one that a library opens. */
export function toPoolConfig(options: ConnectionOptions) {
  const { url, applicationName, max, answerMs = ANSWER_MS, lockMs } = options;
  return {
    connectionString: url,
    application_name: applicationName,
    max,
    Client: WatchedClient,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: answerMs,
    statement_timeout: Math.max(answerMs / 2, answerMs - HEAD_START_MS),
    ...(lockMs !== undefined && { lock_timeout: lockMs }),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    options: SERVER_KEEP_ALIVE,
    maxLifetimeSeconds: OLDEST_CONNECTION_SECONDS,
  } satisfies PoolConfig;
}

/** A connection outside any pool; whoever asks for it ends it. */
export async function connectOnce(
  url: string,
  options: Pick<ConnectionOptions, "applicationName" | "answerMs">,
): Promise<Client> {
  const client = new WatchedClient(toPoolConfig({ ...options, url, max: 1 }));
  await client.connect();
  return client;
}

export interface WatchedPool {
  readonly pool: Pool;
  /** Breaks every connection that is still open, for an immediate end. */
  readonly drop: () => void;
}

/**
 * When one of its connections falls silent, the idle ones are dropped with it: they lead to the same server, and each
 * would cost its next user the same wait.
 */
export function createPool(options: ConnectionOptions, log: Log): WatchedPool {
  const pool = new Pool(toPoolConfig(options));
  const open = new Set<ClientBase>();
  const resting = new Set<ClientBase>();
  const drop = (clients: ReadonlySet<ClientBase>) => {
    for (const client of clients) if (client instanceof WatchedClient) client.drop();
  };
  pool.on("acquire", (client) => resting.delete(client));
  pool.on("release", (_error, client) => resting.add(client));
  pool.on("remove", (client) => {
    open.delete(client);
    resting.delete(client);
  });
  pool.on("connect", (client) => {
    open.add(client);
    client.on("error", (error) => {
      if (!(error instanceof DatabaseTimeout) || resting.has(client)) return;
      log.warn({ err: error }, "a connection fell silent; the resting ones are renewed too");
      drop(resting);
    });
  });
  // Without a listener, an idle connection that breaks would end the process.
  pool.on("error", (error) => log.warn({ err: error }, "a resting connection broke"));
  return { pool, drop: () => drop(open) };
}
