/** Whether the process is alive, and whether it can serve. */
import type { FastifyInstance } from "fastify";
import { within } from "../deadline.ts";
import { AppError } from "../errors.ts";
import { shareLook } from "./share-look.ts";

/** Something that the server needs. */
export interface Probe {
  /** As it is named in the answer. */
  readonly name: string;
  /** True: the server cannot serve without it. False: it serves, but worse. */
  readonly isNeeded: boolean;
  /** Resolves when it answers. An AppError says what is wrong with it. */
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

interface ProbeResult {
  readonly probe: Probe;
  /** Undefined: it answers. */
  readonly cause: unknown;
}

async function examine(probe: Probe): Promise<ProbeResult> {
  try {
    const late = () => new Error(`no answer within ${PING_TIMEOUT_MS} ms`);
    await within(PING_TIMEOUT_MS, probe.ping(), late);
    return { probe, cause: undefined };
  } catch (error) {
    return { probe, cause: error ?? "unknown" };
  }
}

/** GET /health/live, without a credential. It checks nothing, so it costs nothing. */
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
    const results = await examineAll();
    const dependencies = Object.fromEntries(
      results.map(({ probe, cause }) => [probe.name, cause === undefined ? "ok" : "away"]),
    );
    const away = results.filter(({ cause }) => cause !== undefined);
    const [missing] = away.filter(({ probe }) => probe.isNeeded);
    if (missing) {
      const { name } = missing.probe;
      const { cause } = missing;
      const reason = cause instanceof AppError ? cause.message : `the ${name} does not answer`;
      throw new AppError("NOT_READY", reason, {
        cause,
        details: { dependencies },
      });
    }
    return { status: away.length === 0 ? "ok" : "degraded", dependencies };
  });
}
