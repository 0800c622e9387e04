/** Our connection to a test's Redis, closed when the test or file ends. */
import { createRedis, type Redis } from "#platform/redis/connection";
import { Secret } from "#platform/secret";
import type { Log } from "#platform/log";
import { silentLog } from "./silent-log.ts";

/** Resolves when it is connected. */
export async function connectRedis(
  url: string,
  options: { readonly log?: Log; readonly onMiss?: () => void } = {},
): Promise<Redis> {
  const redis = createRedis({ url: new Secret(url), random: () => 0, log: silentLog, ...options });
  await untilThere(redis);
  return redis;
}

/** Resolves when Redis answers. */
export async function untilThere(redis: Redis): Promise<void> {
  while ((await redis.attempt((commands) => commands.ping())) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
