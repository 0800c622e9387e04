/** Whether the process lives, and whether it can serve. */
import type { FastifyInstance } from "fastify";
import { AppError } from "../errors.ts";

export interface HealthDeps {
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>;
  /** True once the server has begun to stop. */
  readonly isStopping: () => boolean;
}

const PING_TIMEOUT_MS = 2_000;

async function withTimeout(task: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const slow = () => reject(new Error(`no answer within ${PING_TIMEOUT_MS} ms`));
    timer = setTimeout(slow, PING_TIMEOUT_MS);
  });
  try {
    await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** GET /health/live and /health/ready, without a credential. */
export function registerHealth(app: FastifyInstance, deps: HealthDeps): void {
  app.get("/health/live", { schema: { hide: true } }, async () => ({ status: "ok" }));
  app.get("/health/ready", { schema: { hide: true } }, async () => {
    if (deps.isStopping()) throw new AppError("NOT_READY", "the server is stopping");
    try {
      await withTimeout(deps.pingDatabase());
    } catch (cause) {
      throw new AppError("NOT_READY", "the database does not answer", { cause });
    }
    return { status: "ok" };
  });
}
