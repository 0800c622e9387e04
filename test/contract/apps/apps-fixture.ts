/** The stand-in of apps over HTTP for the contract tests: an account, its people, and calls with each credential. */
import { fastify } from "fastify";
import { onTestFinished } from "vitest";
import { type Apps, createApps } from "#sandbox/apps/create-apps";
import type { AppSwitches } from "#sandbox/apps/switches";
import type { AppUser } from "#sandbox/apps/users";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { createFaults, type Faults } from "#sandbox/faults";
import { createAccount, type Account } from "#zis/services/account";
import { packApp, type SampleApp, sampleApp } from "../../support/sample-app.ts";

const person = (id: number, role: AppUser["role"]): AppUser => ({
  id,
  name: `Person ${id}`,
  email: `person${id}@example.com`,
  role,
  locale: "en-US",
  time_zone: "Europe/Dublin",
});
export const ADMIN = person(11, "admin");
export const AGENT = person(12, "agent");

/** Whatever JSON.parse gives: the tests know what they asked for. */
export type Parsed = ReturnType<typeof JSON.parse>;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed when it is JSON. */
  readonly body: Parsed;
}

export interface AppsFixture {
  readonly url: string;
  readonly account: Account;
  readonly apps: Apps;
  readonly faults: Faults;
  readonly clock: ManualClock;
  /** As the administrator by API token, unless `headers` say otherwise. Bodies but forms are sent as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Headers | object): Promise<Answer>;
  upload(app?: SampleApp, zip?: Buffer): Promise<Answer>;
  /** Uploads, creates and installs. @returns the ids */
  install(app?: SampleApp): Promise<{ readonly appId: number; readonly installationId: number }>;
  readonly as: {
    readonly admin: { readonly authorization: string };
    readonly agent: { readonly authorization: string };
    bearer(scopes: readonly string[], user?: AppUser): { readonly authorization: string };
    session(user: AppUser): { readonly cookie: string; readonly "x-csrf-token": string };
  };
}

export async function openApps(
  options: { switches?: Partial<AppSwitches>; send?: typeof fetch } = {},
): Promise<AppsFixture> {
  const clock = createManualClock(new Date("2026-03-02T10:00:05Z"));
  const faults = createFaults();
  let ids = 0;
  const shared = { now: () => clock.now(), newId: () => `id-${(ids += 1)}` };
  const users = [ADMIN, AGENT, person(13, "end-user")];
  const account = createAccount({
    subdomain: "tideway",
    accountId: 12_345,
    users: users.map(({ id, email, role }) => ({ id, email: email!, admin: role === "admin" })),
    ...shared,
  });
  const apps = createApps({ account, users, faults, ...options, ...shared });
  const server = fastify({ forceCloseConnections: true });
  apps.guard(server);
  await server.register(apps.routes);
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  const client = account.createOAuthClient({ identifier: "tests" });
  const basic = ({ email }: AppUser) => ({
    authorization: `Basic ${Buffer.from(`${email}/token:${account.createApiToken(email!)}`).toString("base64")}`,
  });
  const as: AppsFixture["as"] = {
    admin: basic(ADMIN),
    agent: basic(AGENT),
    bearer(scopes, user = ADMIN) {
      const token = account.issueToken({ clientId: client.id, userId: user.id, scopes });
      return { authorization: `Bearer ${token.accessToken}` };
    },
    session(user) {
      const { cookie, csrfToken } = apps.signIn(user.email!);
      return { cookie, "x-csrf-token": csrfToken };
    },
  };

  const fixture: AppsFixture = {
    url,
    account,
    apps,
    faults,
    clock,
    as,
    async call(method, path, body, headers = as.admin) {
      const isForm = body instanceof FormData;
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: "manual",
        headers: {
          ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
          ...(headers as Record<string, string>),
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
      const { status } = response;
      return { status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
    },
    upload(app = sampleApp(), zip = packApp(app)) {
      const form = new FormData();
      form.append("uploaded_data", new Blob([new Uint8Array(zip)]), "app.zip");
      return fixture.call("POST", "/api/v2/apps/uploads.json", form);
    },
    async install(app = sampleApp()) {
      const { body: uploaded } = await fixture.upload(app);
      const made = { upload_id: uploaded.id, name: "Sample" };
      const { body: deployed } = await fixture.call("POST", "/api/apps.json", made);
      const { body: job } = await fixture.call(
        "GET",
        `/api/v2/apps/job_statuses/${deployed.job_id}`,
      );
      const { body: installed } = await fixture.call(
        "POST",
        "/api/support/apps/installations.json",
        {
          app_id: String(job.app_id),
          settings: { name: "Sample", server_url: "https://caseqa.example.com" },
        },
      );
      return { appId: job.app_id, installationId: installed.id };
    },
  };
  return fixture;
}
