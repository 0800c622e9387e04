/** Looks up the case of a ticket that has already been read, by what the request gives and nothing else. */
import type { ResolveCaseRequest } from "#contract/actions/resolve-case";
import type { RemoteCall } from "#platform/outbound/send";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import { resolveCase } from "./resolve-case.ts";

/** As `resolveCase`, without reading the ticket or the settings in force: the request has everything that counts. */
export function resolveFound(
  cases: CaseFinder,
  found: TicketWithUsers,
  request: ResolveCaseRequest,
  context: RemoteCall & { readonly account: string },
): ReturnType<typeof resolveCase> {
  const deps = {
    zendesk: { ticket: async () => found },
    cases,
    settingsOf: async () => undefined,
  };
  return resolveCase(deps, request, context);
}
