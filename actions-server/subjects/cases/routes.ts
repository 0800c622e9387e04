/** The JSON routes about cases, for administrators. */
import type { CASE_ROUTES } from "#contract/routes/cases";
import { AppError } from "#platform/errors";
import type { RouteHandlers } from "#platform/http/json-routes";
import { preview, type PreviewDeps } from "./preview.ts";

export function createCaseRoutes(deps: PreviewDeps): RouteHandlers<typeof CASE_ROUTES> {
  const { cases } = deps;
  return {
    async case({ params, call }) {
      const [found] = await cases.byId(params.case_id, call);
      return { case: found ?? null };
    },
    async "check-reference"({ body: { field }, call }) {
      try {
        await cases.byExternalId(field, "0", call);
        return { problem: null };
      } catch (error) {
        // While Salesforce is unavailable, nothing is known about the field.
        if (!(error instanceof AppError) || error.retryable) return { problem: null };
        const { message } = error;
        return { problem: `Salesforce cannot look cases up by the field ${field}: ${message}.` };
      }
    },
    "preview-settings": ({ body, call, account }) =>
      preview(deps, { account, settings: body.settings }, call),
  };
}
