/**
 * The world's Zendesk: one account with the Support API, ZIS, apps and the page of the local ZIS at one origin. Files of comments
 * are read from an origin of their own.
 */
import { type Apps, createApps } from "#sandbox/apps/create-apps";
import { createRandom } from "#sandbox/data/random";
import type { WorldData } from "#sandbox/data/world-data";
import type { Faults } from "#sandbox/faults";
import { createZendesk, type Zendesk } from "#sandbox/zendesk/create-zendesk";
import { pageRoutes } from "#zis/page/routes";
import { type Account, createAccount } from "#zis/services/account";
import { createZis, type Zis } from "#zis/services/create-zis";
import { type Closers, listen, listenByTls, originOf, type WorldTls } from "./listen.ts";
import type { WorldOptions } from "./options.ts";

export const SUBDOMAIN = "caseqa";
export const ACCOUNT_ID = 12_514_403;

export interface WorldZendesk {
  readonly url: string;
  /** Its users, tokens and OAuth clients. */
  readonly account: Account;
  readonly zendesk: Zendesk;
  readonly zis: Zis;
  readonly apps: Apps;
  /** Undefined unless it was asked for. */
  readonly tls: WorldTls | undefined;
  readonly administrator: { readonly email: string; readonly apiToken: string };
  /** The actions server's OAuth client. */
  readonly oauth: { readonly clientId: string; readonly clientSecret: string };
}

export async function startZendesk(
  options: WorldOptions,
  parts: {
    readonly data: WorldData["zendesk"];
    readonly faults: Faults;
    readonly now: () => Date;
    readonly newId: () => string;
  },
  closers: Closers,
): Promise<WorldZendesk> {
  const { data, faults, now, newId } = parts;
  const [admin] = data.agents;
  if (!admin?.email) throw new Error("the sample data begin with an administrator");
  const account = createAccount({
    subdomain: SUBDOMAIN,
    accountId: ACCOUNT_ID,
    users: data.agents.flatMap(({ id, email, role }) =>
      email === null ? [] : [{ id, email, admin: role === "admin" }],
    ),
    now,
    newId,
  });
  const administrator = { email: admin.email, apiToken: account.createApiToken(admin.email) };
  const client = account.createOAuthClient({ identifier: "caseqa_server", userId: admin.id });

  let url = "";
  const zis = createZis({
    account,
    zendeskOrigin: () => url,
    now,
    newId,
    random: createRandom(options.seed).next,
    waits: options.waits ?? "real",
    ...(options.takenNames && { takenNames: options.takenNames }),
  });
  closers.push(() => zis.close());
  const zendesk = createZendesk({
    account,
    data,
    now,
    newId,
    faults,
    ...(options.limits && { limits: options.limits }),
    ...(options.zendeskSwitches && { switches: options.zendeskSwitches }),
    onPersonEvents:
      options.onPersonEvents ??
      ((events) => {
        for (const { zis: event } of events) if (event) zis.accept(event);
      }),
    onEvents:
      options.onEvents ??
      ((events) => {
        for (const event of events) zis.accept(event);
      }),
  });
  const apps = createApps({
    account,
    users: data.agents,
    now,
    newId,
    faults,
    switches: options.appSwitches ?? {},
  });
  const files = await listen([zendesk.files.routes], 0, closers);
  zendesk.files.listensAt(originOf(files));
  const page = pageRoutes({ account, zis, now, newId });
  const app = await listen(
    [zis.routes, zendesk.routes, apps.routes, page],
    options.ports.zendesk,
    closers,
    (server) => apps.guard(server),
  );
  url = originOf(app);
  const tls = options.tls === true ? await listenByTls(app, now(), closers) : undefined;
  const oauth = { clientId: client.identifier, clientSecret: client.secret };
  return { url, account, zendesk, zis, apps, tls, administrator, oauth };
}

/** The header Authorization of an administrator with an API token. */
export function basicOf({ email, apiToken }: WorldZendesk["administrator"]): string {
  return `Basic ${Buffer.from(`${email}/token:${apiToken}`).toString("base64")}`;
}
