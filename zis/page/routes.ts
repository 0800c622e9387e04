/** The pages over HTTP. They are served to this machine only and need no sign-in. */
import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { refusalOf } from "../services/local-only.ts";
import {
  createPageContext,
  type PageContext,
  type PageContextOptions,
  type Query,
} from "./page-context.ts";
import { fireRoutes } from "./fire-routes.ts";
import { flowPage } from "./flow-page.ts";
import { html } from "./html.ts";
import { createLinks } from "./links.ts";
import { logPage } from "./log-page.ts";
import { overviewPage } from "./overview-page.ts";
import { pictureFile } from "./picture.ts";
import { findFlow } from "./integrations.ts";
import { runRoutes } from "./run-routes.ts";
import { SECURITY_HEADERS } from "./security.ts";

const LAST_RUNS = 8;
const MOST_LOG_LINES = 500;

/**
 * The pages as a plugin. Register it on the server of the ZIS routes; with Fastify's option `prefix` all
 * pages move below that path (not `/local`, where the runs are as JSON).
 */
export function pageRoutes(options: PageContextOptions): FastifyPluginAsync {
  return async (app) => {
    const links = createLinks(app.prefix);
    const context = createPageContext(options, links);
    app.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string" },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    app.addHook("onRequest", async (request, reply) => {
      void reply.headers(SECURITY_HEADERS);
      const refusal = refusalOf(request.method, request.headers, request.socket.remoteAddress);
      if (refusal !== undefined) return reply.code(403).type("text/plain").send(refusal);
      return undefined;
    });
    assetRoutes(app);
    registryRoutes(app, context);
    runRoutes(app, context);
    fireRoutes(app, context);
    logRoute(app, context);
  };
}

const ASSETS: Readonly<Record<string, string>> = {
  "page.css": "text/css; charset=utf-8",
  "live.js": "text/javascript; charset=utf-8",
  "icon.svg": "image/svg+xml",
};

function assetRoutes(app: FastifyInstance): void {
  for (const [name, type] of Object.entries(ASSETS)) {
    const content = readFileSync(new URL(`assets/${name}`, import.meta.url));
    app.get(`/assets/${name}`, async (_request, reply) => reply.type(type).send(content));
  }
}

function registryRoutes(app: FastifyInstance, context: PageContext): void {
  const { links } = context;

  app.get("/", async (_request, reply) => {
    const integrations = context.integrations();
    const main = overviewPage({ integrations, runs: context.runs(LAST_RUNS) }, links);
    return context.send(reply, {
      title: "Integrations",
      section: "overview",
      isSectionItself: true,
      main,
      live: true,
    });
  });

  app.get<Query>("/flow", async (request, reply) => {
    const { integration = "", name = "", retries } = request.query;
    const integrations = context.integrations();
    const view = findFlow(integrations, integration, name);
    if (!view) {
      const text = html`The integration ${integration} has no flow named ${name}.`;
      return context.sendMissing(reply, "overview", text);
    }
    const data = {
      ...view,
      jobSpecs: integrations.flatMap(({ jobSpecs }) => jobSpecs),
      runs: context.runs(LAST_RUNS, name),
      withRetries: retries === "all",
    };
    const main = flowPage(data, links);
    return context.send(reply, { title: name, section: "overview", main, live: true });
  });

  app.get<Query>("/flow.svg", async (request, reply) => {
    const { integration = "", name = "" } = request.query;
    const view = findFlow(context.integrations(), integration, name);
    if (!view) return context.sendMissing(reply, "overview", html`There is no such flow.`);
    const svg = pictureFile({ flow: view.flow, withRetries: false });
    return reply.type("image/svg+xml").send(svg);
  });
}

function logRoute(app: FastifyInstance, context: PageContext): void {
  app.get("/log", async (_request, reply) => {
    const entries = context.log(MOST_LOG_LINES);
    const main = logPage(entries, context.links);
    return context.send(reply, {
      title: "Log",
      section: "log",
      isSectionItself: true,
      main,
      live: true,
    });
  });
}
