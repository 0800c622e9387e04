/** Looks the case up of a ticket that is at hand already, by what the request names and nothing else. */
import type { ResolveCaseRequest } from "../contract/resolve-case.ts";
import type { RemoteCall } from "../outbound/send.ts";
import type { TicketWithUsers } from "../zendesk/reader.ts";
import type { CaseFinder } from "./case-finder.ts";
import { resolveCase } from "./resolve-case.ts";

/** As `resolveCase`, without reading the ticket, the settings in force or the server's own defaults. */
export function resolveFound(
  cases: CaseFinder,
  found: TicketWithUsers,
  request: ResolveCaseRequest,
  context: RemoteCall & { readonly account: string },
): ReturnType<typeof resolveCase> {
  const deps = {
    zendesk: { ticket: async () => found },
    cases,
    settings: { current: async () => undefined },
    defaults: { caseNumberFieldId: undefined, caseExternalIdField: undefined, matchOrder: [] },
  };
  return resolveCase(deps, request, context);
}
