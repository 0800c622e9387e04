/** The agent interface: its page around an app, the assets of apps, signed tokens, and the proxy. */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Account } from "#zis/services/account";
import { isJsonObject } from "#zis/model/json";
import { badCredentials, recordNotFound } from "../zendesk/errors.ts";
import { numberIn } from "./app-routes.ts";
import { ASSETS, bootOf, isShown } from "./boot.ts";
import type { Csrf } from "./csrf.ts";
import { escapeHtml, hostPage, plainPage } from "./page.ts";
import { fillIn, type ProxyRequest, sendOn } from "./proxy.ts";
import type { AppRecord, AppRegistry, InstallationRecord } from "./registry.ts";
import { html } from "./sign-in-routes.ts";
import { signToken } from "./signed-token.ts";
import type { AppSwitches } from "./switches.ts";
import type { AppUser } from "./users.ts";

export interface HostRoutesOptions {
  readonly account: Account;
  readonly users: readonly AppUser[];
  readonly registry: AppRegistry;
  readonly csrf: Csrf;
  readonly switches: AppSwitches;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Sends what the proxy passes on. */
  readonly send: typeof fetch;
}

type Query = Readonly<Record<string, string | undefined>>;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** Stricter than is known of Zendesk's own: an app that runs under it runs under any. */
const ASSET_POLICY =
  "default-src 'self'; script-src 'self' https://static.zdassets.com; object-src 'none'; base-uri 'none'; form-action 'none'";

const BROWSER_FILES = ["host.js", "host-request.js", "host.css", "zaf-client.js"];

const ZENDESK_SDK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js";
/** Where the client is that stands for Zendesk's SDK. */
export const OWN_SDK = "/zaf/zaf-client.js";

export function hostRoutes(app: FastifyInstance, options: HostRoutesOptions): void {
  const { account, users, registry, csrf, switches } = options;

  for (const name of BROWSER_FILES) {
    const content = readFileSync(new URL(`browser/${name}`, import.meta.url));
    app.get(`/zaf/${name}`, async (_request, reply) =>
      reply.type(TYPES[extname(name)] ?? "text/plain").send(content),
    );
  }

  app.get<{ Params: { app: string; "*": string } }>(`${ASSETS}/:app/*`, async (request, reply) => {
    const path = request.params["*"];
    const file = registry.app(numberIn(request.params.app))?.package.files.get(path);
    if (!file || !path.startsWith("assets/")) throw recordNotFound();
    return (
      reply
        .type(TYPES[extname(path)] ?? "application/octet-stream")
        .header("content-security-policy", ASSET_POLICY)
        // The addresses stay the same when an app is updated.
        .header("cache-control", "no-cache")
        .send(extname(path) === ".html" && switches.sdk === "stand-in" ? withOwnSdk(file) : file)
    );
  });

  app.get("/agent/apps", async (request, reply) => {
    const user = signedIn(request);
    if (!user) return reply.redirect(`/access/login?return_to=${encodeURIComponent(request.url)}`);
    const shown = registry.installations().filter((one) => isShown(one, user));
    const items = shown.flatMap(({ appId }) => {
      const name = registry.app(appId)?.package.displayName ?? "";
      return [`<li><a href="/agent/apps/${appId}">${escapeHtml(name)}</a></li>`];
    });
    const list = items.length > 0 ? `<ul>${items.join("")}</ul>` : "<p>None is installed.</p>";
    return html(reply, plainPage("Apps", list));
  });

  app.get<{ Params: { app: string }; Querystring: Query }>(
    "/agent/apps/:app",
    async (request, reply) => {
      const user = signedIn(request);
      if (!user) {
        return reply.redirect(`/access/login?return_to=${encodeURIComponent(request.url)}`);
      }
      const found = shownApp(request.params.app, user);
      if (!found) {
        const page = plainPage("No such app", "<p>It is not installed, or not for your role.</p>");
        return html(reply.code(404), page);
      }
      const { theme, locale = user.locale } = request.query;
      const colorScheme = theme === "dark" ? "dark" : "light";
      const assetOrigin = assetOriginOf(request);
      const boot = bootOf({
        ...found,
        user,
        subdomain: account.subdomain,
        assetOrigin,
        csrf: csrf.tokenFor(request.headers.cookie ?? ""),
        colorScheme,
        locale,
      });
      const icon = `${assetOrigin}${ASSETS}/${found.app.id}/assets/icon_nav_bar.svg`;
      const title = found.app.package.displayName;
      return html(reply, hostPage({ title, user, colorScheme, locale, icon, boot }));
    },
  );

  app.post("/zaf/token", async (request) => {
    const { user, installed, body } = fromPage(request);
    const place = installed.app.package.manifest.locations.find(
      (one) => one.name === body["location"] && one.signed,
    );
    if (!place) throw recordNotFound();
    const token = signToken({
      subdomain: account.subdomain,
      installationId: installed.installation.id,
      userId: user.id,
      subject: options.switches.tokenSubject,
      product: installed.installation.product,
      location: place.name,
      seconds: options.switches.tokenSeconds,
      privateKey: installed.app.privateKey,
      now: options.now(),
      id: options.newId(),
    });
    return { token };
  });

  app.post("/zaf/proxy", async (request, reply) => {
    const { installed, body } = fromPage(request);
    const { settings } = installed.installation;
    // The shape is the host page's own.
    const asked = body as unknown as ProxyRequest;
    const sent = fillIn(asked, installed.app.package.manifest, settings);
    const answer = await sendOn(sent, options.send);
    const type = answer.headers.get("content-type");
    const retryAfter = answer.headers.get("retry-after");
    void reply.code(answer.status);
    if (type !== null) void reply.header("content-type", type);
    if (retryAfter !== null) void reply.header("retry-after", retryAfter);
    return reply.send(Buffer.from(await answer.arrayBuffer()));
  });

  function signedIn(request: FastifyRequest): AppUser | undefined {
    const identified = account.identify(request.headers);
    if (!identified.ok || identified.principal.kind !== "session") return undefined;
    const { userId } = identified.principal;
    return users.find(({ id }) => id === userId);
  }

  function fromPage(request: FastifyRequest) {
    const user = signedIn(request);
    if (!user) throw badCredentials();
    const body = isJsonObject(request.body) ? request.body : {};
    const installation = registry.installation(Number(body["installation_id"]));
    const record = installation && registry.app(installation.appId);
    if (!installation || !record || !isShown(installation, user)) throw recordNotFound();
    return { user, installed: { app: record, installation }, body };
  }

  /** By its id, or by its name as Zendesk writes it into addresses. */
  function shownApp(
    wanted: string,
    user: AppUser,
  ): { readonly app: AppRecord; readonly installation: InstallationRecord } | undefined {
    const record = registry
      .apps()
      .find(({ id, name }) => String(id) === wanted || slug(name) === wanted);
    const installation = registry
      .installations()
      .find((one) => one.appId === record?.id && isShown(one, user));
    return record && installation ? { app: record, installation } : undefined;
  }
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

/** This server under its other name: another origin for the browser, which sends no cookie there. */
function withOwnSdk(page: Buffer): string {
  return page.toString().replaceAll(ZENDESK_SDK, OWN_SDK);
}

function assetOriginOf(request: FastifyRequest): string {
  const { port } = new URL(`${request.protocol}://${request.host}`);
  const host = request.hostname === "localhost" ? "127.0.0.1" : "localhost";
  return `${request.protocol}://${host}${port === "" ? "" : `:${port}`}`;
}
