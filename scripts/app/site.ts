/** A browser at the stand-in's agent interface, in which Zendesk's SDK is answered by the stand-in. */
import { existsSync, readFileSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { zafClientSource } from "../../sandbox/apps/host-routes.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const SDK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js";

/** Why there can be no browser here; undefined when there can. */
export function browserProblem(): string | undefined {
  if (existsSync(CHROMIUM)) return undefined;
  return `there is no browser at ${CHROMIUM}; install Debian's chromium or set CHROMIUM`;
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
}

export interface SiteOptions {
  /** What is answered at the SDK's address; absent: the stand-in's client, or the file that ZAF_SDK names. */
  readonly sdk?: string;
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
  const sdk = options.sdk ?? sdkSource();
  await context.route(/^https:/, async (route) => {
    if (route.request().url() !== SDK) return route.abort();
    return route.fulfill({ contentType: "text/javascript; charset=utf-8", body: sdk });
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { context, page, errors };
}

/** The official SDK can be tried in the place of the stand-in's client by naming a build of it. */
function sdkSource(): string {
  const file = process.env["ZAF_SDK"];
  return file === undefined ? zafClientSource() : readFileSync(file, "utf8");
}
