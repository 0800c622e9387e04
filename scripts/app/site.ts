/** A browser at the stand-in's agent interface. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Why there can be no browser here; undefined when there can. */
export function browserProblem(): string | undefined {
  if (existsSync(CHROMIUM)) return undefined;
  return `there is no browser at ${CHROMIUM}; install Debian's chromium or set CHROMIUM`;
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
}

export interface SiteOptions {
  readonly width?: number;
  readonly height?: number;
}

export interface Site {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the console and of scripts in any frame. */
  readonly errors: readonly string[];
}

/** A page with nothing in it yet, where nobody is signed in. Nothing outside this machine is reached. */
export async function newSite(browser: Browser, options: SiteOptions = {}): Promise<Site> {
  const { width = 1280, height = 800 } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  await context.route(/^https:/, (route) => route.abort());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { context, page, errors };
}
