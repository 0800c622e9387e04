/** Who may use the administrators' side: installations of the app, its sessions, and the page that opens one. */
import type { Kysely } from "kysely";
import type { ACCESS_ROUTES } from "#contract/routes/access";
import type { Database } from "#platform/db/schema";
import type { Check } from "#platform/health/check";
import { remedyOf } from "#platform/health/remedies";
import type { Module } from "#platform/module";
import type { RouteHandlers } from "#platform/http/json-routes";
import type { ZendeskClient } from "#remotes/zendesk/client";
import { createAccessRoutes } from "./routes.ts";
import type { SessionPageDeps } from "./session-page-route.ts";
import { findInstallation } from "./installations.ts";
import { createSessions, purgeSessions } from "./sessions.ts";
import { createFindRole } from "./users.ts";

interface AccessOptions {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly zendesk: {
    /** The origin of the API. */
    readonly url: string;
    readonly subdomain: string;
    /** The address from which browsers load the app framework. */
    readonly appFrameworkUrl: string;
  };
  readonly client: ZendeskClient;
}

export interface AccessModule extends Module {
  readonly sessionPage: SessionPageDeps;
  readonly routes: RouteHandlers<typeof ACCESS_ROUTES>;
}

export function createAccess({ db, now, zendesk, client }: AccessOptions): AccessModule {
  const { url, subdomain, appFrameworkUrl: sdk } = zendesk;
  const findRole = createFindRole({ client, now });
  const sessions = createSessions({ db, now, findRole, subdomain });
  // Zendesk shows apps under its own name, and under the address by which this server reaches it.
  const ancestors = [...new Set([url, `https://${subdomain}.zendesk.com`])];
  return {
    sessionPage: { sessions, ancestors, sdk },
    routes: createAccessRoutes({ db, now, client, sessions }),
    healthChecks: [installationCheck(db)],
    purge: () => purgeSessions(db, now()),
  };
}

function installationCheck(db: Kysely<Database>): Check {
  return {
    name: "installation",
    async run(_deadline, account) {
      if (await findInstallation(db, account)) {
        return { state: "ok", message: "The app's installation is registered." };
      }
      const message = "No installation of the app is registered: it gets no session.";
      return { state: "warning", message, remedy: remedyOf("installation") };
    },
  };
}
