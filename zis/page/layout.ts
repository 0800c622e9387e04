/** The frame around every page: head, way around, headings. */
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";

type Section = "overview" | "runs" | "fire" | "log";

export interface PageContent {
  readonly title: string;
  /** Which entry of the navigation the page belongs to. */
  readonly section: Section;
  /** Whether the entry is the page itself, not one above it. */
  readonly isSectionItself: boolean;
  readonly main: Html;
  /** For a page that shows what changes by itself: how many runs had ended when it was made. */
  readonly endedRuns: number | undefined;
}

/** A whole HTML document. `account` is shown beside the name. */
export function document(links: Links, account: string, page: PageContent): string {
  const entry = (section: Section, href: string, text: string): Html => {
    const current = section === page.section && (page.isSectionItself ? "page" : "true");
    return html`<li>
      <a href="${href}" ${current && html`aria-current="${current}"`}>${text}</a>
    </li>`;
  };
  const { title, main, endedRuns } = page;
  const isLive = endedRuns !== undefined;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} - local ZIS</title>
        <link rel="icon" href="${links.asset("icon.svg")}" type="image/svg+xml" />
        <link rel="stylesheet" href="${links.asset("page.css")}" />
        ${isLive && html`<script type="module" src="${links.asset("live.js")}"></script>`}
      </head>
      <body ${isLive && html`data-stats="${links.stats}" data-ended="${endedRuns}"`}>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <p class="brand"><a href="${links.overview}">Local ZIS</a> <span>${account}</span></p>
          <nav aria-label="Pages">
            <ul>
              ${entry("overview", links.overview, "Integrations")}
              ${entry("runs", links.runs(), "Runs")} ${entry("fire", links.fire(), "Fire an event")}
              ${entry("log", links.log, "Log")}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">${main}</main>
      </body>
    </html> `.text;
}
