/** Asks for sweeps and reads their reports: for administrators. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { AdminAdmission } from "../admin/admission.ts";
import { ADMIN_PATHS, SweepRequest, type SweepReport } from "../contract/admin.ts";
import { AppError } from "../errors.ts";

export interface SweepRouteDeps {
  /** Durable when it answers. */
  readonly request: (account: string, request: SweepRequest) => Promise<SweepReport>;
  /** Newest first. */
  readonly newest: (account: string, count: number) => Promise<readonly SweepReport[]>;
  readonly find: (account: string, id: string) => Promise<SweepReport | undefined>;
}

const LISTED = 20;
/** The server's own check of bodies knows no formats: the time is read by hand. */
const BODY = Type.Object(
  { ...SweepRequest.properties, since: Type.Optional(Type.String({ maxLength: 40 })) },
  { additionalProperties: false },
);
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

export function registerSweepRoutes(
  app: FastifyInstance,
  { admitAdmin, callerOf }: Pick<AdminAdmission, "admitAdmin" | "callerOf">,
  deps: SweepRouteDeps,
): void {
  const forAdmins = { schema: { hide: true }, onRequest: admitAdmin };
  const accountOf = (request: FastifyRequest) => callerOf(request).account;

  app.post(
    ADMIN_PATHS.sweeps,
    { ...forAdmins, schema: { hide: true, body: BODY } },
    async (request, reply) => {
      const wanted = request.body as SweepRequest;
      if (wanted.since !== undefined && !isInstant(wanted.since)) {
        throw new AppError("BAD_REQUEST", "body.since is no time that exists");
      }
      return reply.code(202).send(await deps.request(accountOf(request), wanted));
    },
  );
  app.get(ADMIN_PATHS.sweeps, forAdmins, async (request) => ({
    sweeps: await deps.newest(accountOf(request), LISTED),
  }));
  app.get(ADMIN_PATHS.sweep, forAdmins, async (request) => {
    const { id } = request.params as { readonly id: string };
    const found = await deps.find(accountOf(request), id);
    if (!found) throw new AppError("NOT_FOUND", "there is no such sweep");
    return found;
  });
}

function isInstant(text: string): boolean {
  return INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}
