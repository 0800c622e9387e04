/** What the servers of the histories stand on, and what may break. */
import { hasRedis, startRedis, type RedisServer } from "../../support/redis.ts";
import { startPostgres, type PostgresServer } from "../postgres-server.ts";

export interface Backing {
  readonly postgres: PostgresServer;
  /** Undefined where redis-server is not installed. */
  readonly redis: RedisServer | undefined;
  stop(): Promise<void>;
}

export async function startBacking(): Promise<Backing> {
  const postgres = await startPostgres();
  const redis = hasRedis ? await startRedis() : undefined;
  return {
    postgres,
    redis,
    async stop() {
      await redis?.stop();
      await postgres.stop();
    },
  };
}
