/** CaseQA's page in the agent interface, as an administrator uses it: by what stands on its buttons and fields. */
import type { Frame, Page } from "playwright-core";

const ALL_STEPS_MS = 60_000;

export type TabName = "install" | "settings" | "health" | "log";

/** The app's own frame in the host page, when it shows something. */
export async function appFrame(page: Page): Promise<Frame> {
  const element = await page.waitForSelector("iframe[data-location=nav_bar]");
  const frame = await element.contentFrame();
  if (!frame) throw new Error("the app's frame is gone");
  await frame.waitForSelector("h1");
  return frame;
}

/** Types the server token where the connection asks for it. */
export async function typeServerToken(app: Frame, token: string): Promise<void> {
  await app.locator("[data-step=connections] input").fill(token);
}

/** Presses the button above the steps, and waits for its closing sentence. */
export async function pressInstallAll(app: Frame): Promise<void> {
  await app.getByRole("button", { name: /^Install all/ }).click();
  const ended = app.locator(".progress").getByText(/^(?:All steps are done|Stopped at)/);
  await ended.waitFor({ timeout: ALL_STEPS_MS });
}

/** Makes this installation known to the server, and loads the page anew, as the app asks for. */
export async function introduce(page: Page, token: string): Promise<Frame> {
  const app = await appFrame(page);
  await app.locator("section:has(#introduce-title) input").fill(token);
  await app.getByRole("button", { name: "Introduce" }).click();
  await app.getByText("The server knows this app now.").first().waitFor();
  await page.reload();
  return appFrame(page);
}

/** The word on the card that says what is installed, once it was read. */
export async function installedState(app: Frame): Promise<string | null> {
  const card = app.locator("section:has(#state-title)");
  await card.locator("[aria-busy=true]").waitFor({ state: "detached" });
  return card.locator(".c-tag").first().textContent();
}

/** Opens a page by its tab, and waits until it has read what it shows; a sweep may still be running. */
export async function openTab(app: Frame, name: TabName): Promise<void> {
  await app.locator(`#tab-${name}`).click();
  const panel = app.locator(`#panel-${name}`);
  await panel.locator(".card").first().waitFor();
  const busy = panel.locator("section:not([aria-labelledby=sweep-title]) [aria-busy=true]");
  await busy.first().waitFor({ state: "detached" });
}
