/** A browser for one test, at the stand-in's agent interface. */
import { onTestFinished } from "vitest";
import type { Apps } from "../../sandbox/apps/create-apps.ts";
import {
  browserProblem,
  launchBrowser,
  newSite,
  type Site,
  type SiteOptions,
} from "../../scripts/app/site.ts";

/** Why tests with a browser cannot run here; undefined when they can. */
export function browserMissing(): string | undefined {
  const reason = browserProblem();
  if (reason === undefined) return undefined;
  if (process.env["REQUIRE_SERVICES"] === "1") throw new Error(reason);
  process.stderr.write(`\nSKIPPED: the tests with a browser: ${reason}\n\n`);
  return reason;
}

/**
 * A page with nothing in it yet; the browser ends with the test. Nothing outside this machine is reached.
 * @param url the origin of the agent interface
 * @param email whom to sign in; null: nobody
 */
export async function openSite(
  url: string,
  apps: Pick<Apps, "signIn">,
  email: string | null,
  options: SiteOptions = {},
): Promise<Site> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const site = await newSite(browser, options);
  if (email !== null) {
    const [name = "", value = ""] = apps.signIn(email).cookie.split("=", 2);
    await site.context.addCookies([{ name, value, url, httpOnly: true, sameSite: "Lax" }]);
  }
  return site;
}
