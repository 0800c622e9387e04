/** The JSON routes of sweeps: one is asked for, and their reports are read. */
import type { Kysely } from "kysely";
import type { SWEEP_ROUTES, SweepReport, SweepRequest } from "#contract/routes/sweep";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { RouteHandlers } from "#platform/http/json-routes";
import { readSweeps } from "./sweep-reports.ts";

interface SweepRouteDeps {
  readonly db: Kysely<Database>;
  /** Durable when it answers. */
  readonly request: (account: string, request: SweepRequest) => Promise<SweepReport>;
}

const LISTED = 20;

export function createSweepRoutes({
  db,
  request,
}: SweepRouteDeps): RouteHandlers<typeof SWEEP_ROUTES> {
  return {
    "request-sweep": ({ account, body }) => request(account, body),
    sweeps: async ({ account }) => ({ sweeps: await readSweeps(db, account, { newest: LISTED }) }),
    async sweep({ account, params: { id } }) {
      const [found] = await readSweeps(db, account, { id });
      if (!found) throw new AppError("NOT_FOUND", "there is no such sweep");
      return found;
    },
  };
}
