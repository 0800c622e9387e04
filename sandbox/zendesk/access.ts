/** Who calls the Support API, and whether the credential reaches that far. */
import type { IncomingHttpHeaders } from "node:http";
import type { Account, Principal } from "#zis/services/account";
import { badCredentials, badToken, missingScope, notAllowed } from "./errors.ts";
import type { UserRecord } from "./model.ts";
import type { ZendeskStore } from "./store-contract.ts";

/** What a scope may be narrowed to; `broad` stands for endpoints that no narrow scope opens. */
export type Resource =
  | "tickets"
  | "users"
  | "organizations"
  | "groups"
  | "brands"
  | "webhooks"
  | "broad";

export interface Access {
  /**
   * The person behind the headers, who must be an agent.
   * @throws ZendeskRefusal 401 without a valid credential, 403 when scope or role are too small
   */
  caller(headers: IncomingHttpHeaders, action: "read" | "write", resource: Resource): UserRecord;
  /** As `caller` for reading, and an administrator. */
  administrator(headers: IncomingHttpHeaders, resource: Resource): UserRecord;
  /** The person, or undefined for a stranger; refuses only a wrong API token, as `/users/me` does. */
  identity(headers: IncomingHttpHeaders): UserRecord | undefined;
}

function covers(principal: Principal, action: "read" | "write", resource: Resource): boolean {
  if (principal.kind !== "oauth") return true;
  const { scopes } = principal;
  return scopes.includes(action) || scopes.includes(`${resource}:${action}`);
}

export function createAccess(account: Account, store: ZendeskStore): Access {
  function caller(
    headers: IncomingHttpHeaders,
    action: "read" | "write",
    resource: Resource,
  ): UserRecord {
    const identified = account.identify(headers);
    if (!identified.ok) throw identified.reason === "bad_bearer" ? badToken() : badCredentials();
    const { principal } = identified;
    if (!covers(principal, action, resource)) throw missingScope(action);
    const user = store.user(principal.userId);
    if (!user?.active || user.suspended) throw badCredentials();
    if (user.role === "end-user") throw notAllowed("You do not have access to this page");
    return user;
  }

  return {
    caller,
    administrator(headers, resource) {
      const user = caller(headers, "read", resource);
      if (user.role !== "admin") throw notAllowed("You do not have access to this page");
      return user;
    },
    identity(headers) {
      const identified = account.identify(headers);
      if (identified.ok) return store.user(identified.principal.userId);
      if (identified.reason === "bad_basic") throw badCredentials();
      return undefined;
    },
  };
}
