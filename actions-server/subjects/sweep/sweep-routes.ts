/** Asks for sweeps and reads their reports: for administrators. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import type { AdminAdmission } from "../access/admission.ts";
import { ADMIN_PATHS, SweepRequest, type SweepReport } from "#contract/admin";
import { AppError } from "#platform/errors";

export interface SweepRouteDeps {
  /** Durable when it answers. */
  readonly request: (account: string, request: SweepRequest) => Promise<SweepReport>;
  /** Newest first. */
  readonly newest: (account: string, count: number) => Promise<readonly SweepReport[]>;
  readonly find: (account: string, id: string) => Promise<SweepReport | undefined>;
}

const LISTED = 20;
const SweepPath = Type.Object({ id: Type.String({ pattern: "^[A-Za-z0-9-]{1,64}$" }) });

export function registerSweepRoutes(
  app: FastifyInstance,
  { admitAdmin, callerOf }: Pick<AdminAdmission, "admitAdmin" | "callerOf">,
  deps: SweepRouteDeps,
): void {
  const forAdmins = { schema: { hide: true }, onRequest: admitAdmin };
  const accountOf = (request: FastifyRequest) => callerOf(request).account;

  app.post(
    ADMIN_PATHS.sweeps,
    { ...forAdmins, schema: { hide: true, body: SweepRequest } },
    async (request, reply) => {
      const wanted = request.body as SweepRequest;
      return reply.code(202).send(await deps.request(accountOf(request), wanted));
    },
  );
  app.get(ADMIN_PATHS.sweeps, forAdmins, async (request) => ({
    sweeps: await deps.newest(accountOf(request), LISTED),
  }));
  app.get(
    ADMIN_PATHS.sweep,
    { ...forAdmins, schema: { hide: true, params: SweepPath } },
    async (request) => {
      const { id } = request.params as Static<typeof SweepPath>;
      const found = await deps.find(accountOf(request), id);
      if (!found) throw new AppError("NOT_FOUND", "there is no such sweep");
      return found;
    },
  );
}
