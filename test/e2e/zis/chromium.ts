/** A real browser for tests of pages; where there is none they are skipped, loudly. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { chromium, type Browser, type Page } from "playwright-core";
import { describe } from "vitest";

const EXECUTABLE = "/usr/bin/chromium";

const isThere = existsSync(EXECUTABLE);
const isRequired = process.env["REQUIRE_SERVICES"] === "1";

/** A `describe` that is skipped without Chromium, unless REQUIRE_SERVICES=1 says that it must be there. */
export function describeInChromium(name: string, tests: () => void): void {
  if (!isThere && !isRequired) {
    console.warn(`SKIPPED: ${name}: there is no ${EXECUTABLE} (apt-get install chromium)`);
  }
  (isThere || isRequired ? describe : describe.skip)(name, tests);
}

/** Starts the browser, without what would reach for the network. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--no-sandbox",
      "--headless",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

const AXE = new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url);

/** What is wrong with a page by WCAG 2.2 AA and axe's best practices. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(`${await readFile(AXE, "utf8")};undefined`);
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>("axe.run(document)");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** Presses Tab until the element that `name` matches has the focus. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate<string>(FOCUSED);
    if (name.test(focused)) return;
    seen.push(focused);
  }
  throw new Error(`Tab never reached ${name}, only ${seen.join(" | ")}`);
}

/** What the focused element is called: its label, its text, or its name in the form. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  const label = element.labels?.[0]?.firstChild?.textContent.trim();
  return element.getAttribute("aria-label") ?? label ?? element.textContent.trim().replace(/\\s+/g, " ");
})()`;
