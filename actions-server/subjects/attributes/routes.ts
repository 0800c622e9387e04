/** The JSON routes of attributes. */
import type { Kysely, Transaction } from "kysely";
import type { ATTRIBUTE_ROUTES } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { RouteHandlers } from "#platform/http/json-routes";
import { activate, rerun, retire } from "./activate.ts";
import { saveDefinition } from "./definition-store.ts";
import { preview, type PreviewDeps } from "./preview.ts";
import { readReports } from "./reports.ts";
import { readRerun, type EnqueueRerun } from "./rerun-store.ts";

interface AttributeRouteDeps extends PreviewDeps {
  readonly db: Kysely<Database>;
  readonly enqueue: EnqueueRerun;
}

export function createAttributeRoutes(
  deps: AttributeRouteDeps,
): RouteHandlers<typeof ATTRIBUTE_ROUTES> {
  const { db, enqueue, now } = deps;
  const change = <T>(work: (trx: Transaction<Database>) => Promise<T>) =>
    db.transaction().execute(work);
  return {
    attributes: async ({ account }) => ({ attributes: [...(await readReports(db, account))] }),
    async attribute({ account, params: { id } }) {
      const [report] = await readReports(db, account, id);
      if (!report) throw new AppError("NOT_FOUND", "there is no such attribute");
      return report;
    },
    "save-attribute": ({ account, params: { id }, body }) =>
      change((trx) => saveDefinition(trx, { account, id }, body, now())),
    "preview-attribute": ({ account, params: { id }, body }) =>
      preview(deps, { account, id }, body),
    "activate-attribute": ({ account, params: { id }, body }) =>
      change((trx) => activate(trx, enqueue, { account, id }, body, now())),
    "retire-attribute": ({ account, params: { id } }) =>
      change((trx) => retire(trx, { account, id }, now())),
    "rerun-attribute": ({ account, params: { id } }) =>
      change((trx) => rerun(trx, enqueue, { account, id }, now())),
    async "attribute-rerun"({ account, params: { id } }) {
      const report = await readRerun(db, { account, id });
      if (!report) throw new AppError("NOT_FOUND", "its values were never computed anew");
      return report;
    },
  };
}
