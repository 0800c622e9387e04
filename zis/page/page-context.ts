/** What all routes of the page share: what they read, and how they answer. */
import type { FastifyReply } from "fastify";
import type { Account } from "../services/account.ts";
import type { Zis } from "../services/create-zis.ts";
import type { LogEntry } from "../services/log.ts";
import { type Run, type RunSummary, runSummary } from "../services/runs.ts";
import type { Stats } from "../services/stats.ts";
import { html, type Html } from "./html.ts";
import { document, type PageContent } from "./layout.ts";
import type { Links } from "./links.ts";
import { type IntegrationView, integrationsIn } from "./integrations.ts";

export interface PageContextOptions {
  readonly account: Pick<Account, "subdomain">;
  readonly zis: Pick<Zis, "accept" | "idle" | "runs" | "stats" | "stores">;
  readonly now: () => Date;
  readonly newId: () => string;
}

interface Page extends Pick<PageContent, "title" | "section" | "main"> {
  /** Whether it is the page that the navigation leads to. */
  readonly isSectionItself?: boolean;
  /** Whether it shows what changes by itself. */
  readonly live?: boolean;
}

export interface PageContext extends PageContextOptions {
  readonly links: Links;
  send(reply: FastifyReply, page: Page, status?: number): FastifyReply;
  /** Answers 404 with a text that says what there is not. */
  sendMissing(reply: FastifyReply, section: Page["section"], text: Html): FastifyReply;
  integrations(): readonly IntegrationView[];
  /** The integration log, newest first. */
  log(limit: number): readonly LogEntry[];
  /** Newest first. */
  runs(limit: number, flow?: string, status?: string): readonly RunSummary[];
  /** Unmasked. */
  run(id: string): Run | undefined;
  /** Fires an event again or for the first time and waits a moment for its runs. @returns how many were queued */
  fire(event: Parameters<Zis["accept"]>[0]): Promise<number>;
}

/** The query of a request. */
export interface Query {
  Querystring: Record<string, string | undefined>;
}

/** How long an answer waits for the runs of an event that was just fired, in milliseconds. */
const PATIENCE_MS = 700;

/** What the routes share, for pages at `links`. */
export function createPageContext(options: PageContextOptions, links: Links): PageContext {
  const { account, zis } = options;
  const send: PageContext["send"] = (reply, page, status = 200) => {
    const { isSectionItself = false, live = false } = page;
    const endedRuns = live ? ended(zis.stats()) : undefined;
    return reply
      .code(status)
      .type("text/html; charset=utf-8")
      .send(document(links, account.subdomain, { ...page, isSectionItself, endedRuns }));
  };
  return {
    ...options,
    links,
    send,
    sendMissing(reply, section, text) {
      const main = html`<h1>Not found</h1>
        <p>${text}</p>`;
      return send(reply, { title: "Not found", section, main }, 404);
    },
    integrations: () => integrationsIn(zis.stores.registry),
    log: (limit) => zis.stores.log.entries({ limit }),
    runs: (limit, flow, status) => zis.runs.list({ limit, flow, status }).map(runSummary),
    run: (id) => zis.runs.list({ limit: Number.MAX_SAFE_INTEGER }).find((run) => run.id === id),
    async fire(event) {
      const queued = zis.accept(event);
      // Most runs end at once: the next page then shows them without a wait.
      if (queued > 0) await zis.idle(PATIENCE_MS).catch(() => undefined);
      return queued;
    },
  };
}

function ended({ flows }: Stats): number {
  const { succeeded, failed, timed_out, transitions_exceeded, not_started } = flows;
  return succeeded + failed + timed_out + transitions_exceeded + not_started;
}

/** The query without empty members: an empty field of a form means that nothing was chosen. */
export function chosenIn(query: Query["Querystring"]): Query["Querystring"] {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}
