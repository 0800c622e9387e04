/** The JSON routes of access: who the caller is, and which installation of the app this server trusts. */
import type { Kysely } from "kysely";
import type { ACCESS_ROUTES, Installation, Me } from "#contract/routes/access";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { RoleCaller, RouteHandlers } from "#platform/http/json-routes";
import type { ZendeskClient } from "#remotes/zendesk/client";
import { fetchPublicKey, readPublicKey } from "./app-key.ts";
import { findInstallation, registerInstallation } from "./installations.ts";
import { readSessionToken } from "./session-token.ts";
import type { Sessions } from "./sessions.ts";

interface AccessRouteDeps {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly client: Pick<ZendeskClient, "text">;
  readonly sessions: Pick<Sessions, "renew">;
}

export function createAccessRoutes(deps: AccessRouteDeps): RouteHandlers<typeof ACCESS_ROUTES> {
  const { db, now, client, sessions } = deps;

  async function installationOf(account: string): Promise<Installation> {
    const found = await findInstallation(db, account);
    if (!found) throw new AppError("NOT_FOUND", "no installation of the app is registered");
    const { appId, installationId, publicKey } = found;
    return { app_id: appId, installation_id: installationId, public_key: publicKey };
  }

  return {
    me: async (caller) => toMe(caller),
    async "renew-session"({ headers, call }) {
      const token = readSessionToken(headers);
      if (!token) {
        throw new AppError("BAD_REQUEST", "a server token is not a session: it never ends");
      }
      return toMe(await sessions.renew(token, call.requestId));
    },
    installation: ({ account }) => installationOf(account),
    async "register-installation"({ account, body, call }) {
      const { app_id: appId, installation_id: installationId, public_key: given } = body;
      const publicKey =
        given === undefined ? await fetchPublicKey(client, appId, call) : readPublicKey(given);
      await registerInstallation(db, { account, appId, installationId, publicKey }, now());
      return installationOf(account);
    },
  };
}

function toMe({ account, userId, role, expiresAt }: RoleCaller): Me {
  return { account, user_id: userId, role, expires_at: expiresAt?.toISOString() ?? null };
}
