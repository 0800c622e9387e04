/** A stand-in of Zendesk's apps: their API, sign-in, and the agent interface that embeds them. */
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import type { Account } from "#zis/services/account";
import { hexSecret } from "#zis/services/secrets";
import type { Faults } from "../faults.ts";
import { sendRefusal } from "../zendesk/errors.ts";
import { createRequireAdministrator } from "./administrator.ts";
import { appRoutes } from "./app-routes.ts";
import { acceptBodies } from "./bodies.ts";
import { createCsrf } from "./csrf.ts";
import { hostRoutes } from "./host-routes.ts";
import { installationRoutes } from "./installation-routes.ts";
import { oauthClientRoutes } from "./oauth-client-routes.ts";
import { type AppRegistry, createAppRegistry } from "./registry.ts";
import { type SignedIn, signIn, signInRoutes } from "./sign-in-routes.ts";
import { type AppSwitches, appSwitches } from "./switches.ts";
import type { AppUser } from "./users.ts";

export interface AppsOptions {
  readonly account: Account;
  /** Those of `account`, with what a page shows of them. */
  readonly users: readonly AppUser[];
  readonly now: () => Date;
  /** Unguessable: secrets are made from it. */
  readonly newId: () => string;
  readonly faults?: Faults;
  readonly switches?: Partial<AppSwitches>;
  /** Sends what the proxy passes on; absent: real connections. */
  readonly send?: typeof fetch;
}

export interface Apps {
  /** `/api/v2/apps/*`, `/api/<product>/apps/*`, `/api/v2/oauth/clients`, `/access/*`, `/agent/apps/*`, `/zaf/*`. */
  readonly routes: FastifyPluginAsync;
  /** Makes all writes by session want a CSRF token; call it on the server before its routes are registered. */
  guard(app: FastifyInstance): void;
  /** May be changed at any time. */
  readonly switches: AppSwitches;
  /** Reads and deletes past the API, for tests. */
  readonly registry: Pick<
    AppRegistry,
    "app" | "apps" | "deleteApp" | "installation" | "installations"
  >;
  /** A browser session of an agent; throws when there is none of that email. */
  signIn(email: string): SignedIn;
}

export function createApps(options: AppsOptions): Apps {
  const { account, users, now, newId, faults } = options;
  const switches = appSwitches(options.switches);
  const registry = createAppRegistry({ now, newId });
  const csrf = createCsrf({ account, secret: hexSecret(newId), switches });
  const requireAdministrator = createRequireAdministrator(account);

  return {
    async routes(app) {
      if (faults) {
        app.addHook("onRequest", (request, reply) => faults.onRequest(request, reply));
        app.addHook("onSend", (request, reply, payload) => faults.onSend(request, reply, payload));
      }
      acceptBodies(app);
      app.setErrorHandler(sendRefusal);
      appRoutes(app, { registry, requireAdministrator, switches });
      installationRoutes(app, { registry, requireAdministrator });
      oauthClientRoutes(app, account, requireAdministrator);
      signInRoutes(app, { account, users, csrf });
      const send = options.send ?? fetch;
      hostRoutes(app, { account, users, registry, csrf, switches, now, newId, send });
    },
    guard: (app) => csrf.guard(app),
    switches,
    registry,
    signIn(email) {
      const signedIn = signIn({ account, users, csrf }, email);
      if (!signedIn) throw new Error(`the account has no agent ${email}`);
      return signedIn;
    },
  };
}
