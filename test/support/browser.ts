/** One browser for a test file, and in it a context for each test, at the stand-in's agent interface. */
import type { Browser } from "playwright-core";
import { onTestFinished } from "vitest";
import type { Apps } from "#sandbox/apps/create-apps";
import {
  browserProblem,
  launchBrowser,
  newSite,
  type Site,
  type SiteOptions,
} from "#scripts/app/site";
import { onFileFinished } from "./file-end.ts";

/** A wait of a page that takes longer will not end. */
const HANGS_AFTER_MS = 120_000;

let browser: Promise<Browser> | undefined;

/** Why tests with a browser cannot run here; undefined when they can. */
export function browserMissing(): string | undefined {
  const reason = browserProblem();
  if (reason === undefined) return undefined;
  if (process.env["REQUIRE_SERVICES"] === "1") throw new Error(reason);
  process.stderr.write(`\nSKIPPED: the tests with a browser: ${reason}\n\n`);
  return reason;
}

function launchForFile(): Promise<Browser> {
  const launched = launchBrowser();
  onFileFinished(async () => {
    browser = undefined;
    await (await launched).close();
  });
  return launched;
}

/**
 * A page with nothing in it yet; it closes with the test. Nothing outside this machine is reached.
 * @param url the origin of the agent interface
 * @param email whom to sign in; null: nobody
 */
export async function openSite(
  url: string,
  apps: Pick<Apps, "signIn">,
  email: string | null,
  options: SiteOptions = {},
): Promise<Site> {
  browser ??= launchForFile();
  const site = await newSite(await browser, options);
  site.context.setDefaultTimeout(HANGS_AFTER_MS);
  onTestFinished(() => site.context.close());
  if (email !== null) {
    const [name = "", value = ""] = apps.signIn(email).cookie.split("=", 2);
    await site.context.addCookies([{ name, value, url, httpOnly: true, sameSite: "Lax" }]);
  }
  return site;
}
