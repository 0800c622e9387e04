/** Whether the process lives, and whether it can serve. */
import type { FastifyInstance } from "fastify";
import { AppError } from "../errors.ts";
import { shareLook } from "./share-look.ts";

/** Something that the server stands on. */
export interface Probe {
  /** As it is named in the answer. */
  readonly name: string;
  /** Without it the server cannot serve; without another it serves worse. */
  readonly isNeeded: boolean;
  /** Resolves when it answers. */
  readonly ping: () => Promise<unknown>;
}

export interface ReadinessDeps {
  readonly probes: readonly Probe[];
  /** Milliseconds that only grow. */
  readonly clock: () => number;
  /** True once the server has begun to stop. */
  readonly isStopping: () => boolean;
}

const PING_TIMEOUT_MS = 2_000;

async function withTimeout(task: Promise<unknown>): Promise<void> {
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

interface Finding {
  readonly probe: Probe;
  /** Undefined: it answers. */
  readonly cause: unknown;
}

async function examine(probe: Probe): Promise<Finding> {
  try {
    await withTimeout(probe.ping());
    return { probe, cause: undefined };
  } catch (error) {
    return { probe, cause: error ?? "unknown" };
  }
}

/** GET /health/live, without a credential: asks nothing, so it costs nothing. */
export function registerLiveness(app: FastifyInstance): void {
  app.get("/health/live", { schema: { hide: true } }, async () => ({ status: "ok" }));
}

/** GET /health/ready, without a credential. The probes are asked once a second at most. */
export function registerReadiness(
  app: FastifyInstance,
  { probes, clock, isStopping }: ReadinessDeps,
): void {
  const examineAll = shareLook(() => Promise.all(probes.map(examine)), clock);
  app.get("/health/ready", { schema: { hide: true } }, async () => {
    if (isStopping()) throw new AppError("NOT_READY", "the server is stopping");
    const findings = await examineAll();
    const dependencies = Object.fromEntries(
      findings.map(({ probe, cause }) => [probe.name, cause === undefined ? "ok" : "away"]),
    );
    const away = findings.filter(({ cause }) => cause !== undefined);
    const [missing] = away.filter(({ probe }) => probe.isNeeded);
    if (missing) {
      const { name } = missing.probe;
      throw new AppError("NOT_READY", `the ${name} does not answer`, {
        cause: missing.cause,
        details: { dependencies },
      });
    }
    return { status: away.length === 0 ? "ok" : "degraded", dependencies };
  });
}
