/** Who may use the apps API: administrators, by API token, by an OAuth token that reaches so far, or by session. */
import type { FastifyRequest } from "fastify";
import type { Account } from "#zis/services/account";
import { badCredentials, badToken, missingScope, notAllowed } from "../zendesk/errors.ts";

/** Throws the refusal unless the request comes from an administrator. */
export type RequireAdministrator = (request: FastifyRequest) => void;

/** The text that agents are shown on administrators' pages. */
const NO_ACCESS =
  "You do not have access to this page. Please contact the account owner of this help desk for further help.";

/** That the narrow scopes are `apps:read` and `apps:write` is in Zendesk's list of scopes. */
export function createRequireAdministrator(account: Account): RequireAdministrator {
  return (request) => {
    const identified = account.identify(request.headers);
    if (!identified.ok) throw identified.reason === "bad_bearer" ? badToken() : badCredentials();
    const { principal } = identified;
    const action = request.method === "GET" ? "read" : "write";
    if (principal.kind === "oauth") {
      const { scopes } = principal;
      if (!scopes.includes(action) && !scopes.includes(`apps:${action}`))
        throw missingScope(action);
    }
    if (!principal.admin) throw notAllowed(NO_ACCESS);
  };
}
