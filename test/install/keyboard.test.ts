/** The checklist and the settings form by the keyboard alone. */
import type { Frame, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { installedState, introduce } from "../../scripts/app/app-page.ts";
import { browserMissing } from "../support/browser.ts";
import { zcliMissing } from "../support/zcli.ts";
import { signInAt, startScene } from "./support/scene.ts";
import { settingsInZis } from "./support/stores.ts";

const missing = browserMissing() ?? zcliMissing();

/** More than the longest page has places for the focus. */
const MOST_KEYS = 120;

/** What has the focus, by its name, and whether that can be seen. */
async function focused(app: Frame): Promise<{ readonly name: string; readonly isSeen: boolean }> {
  return app.evaluate(() => {
    const element = document.activeElement as HTMLInputElement | null;
    // Between the last place and the first the focus is with the browser.
    if (element === document.body) return { name: "", isSeen: false };
    const label = element?.labels?.[0];
    const name = element?.getAttribute("aria-label") ?? label?.textContent ?? element?.textContent;
    const marked = [element, label].some((one) => {
      if (!one) return false;
      return [getComputedStyle(one), getComputedStyle(one, "::before")].some(
        ({ outlineStyle, boxShadow }) => outlineStyle !== "none" || boxShadow !== "none",
      );
    });
    return { name: (name ?? "").trim(), isSeen: marked };
  });
}

/** Presses a key until the focus is where it should be; it is seen wherever it comes by. */
async function walk(page: Page, app: Frame, key: string, to: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let pressed = 0; pressed < MOST_KEYS; pressed += 1) {
    await page.keyboard.press(key);
    const { name, isSeen } = await focused(app);
    seen.push(name);
    if (name !== "") expect([name, isSeen]).toEqual([name, true]);
    if (to.test(name)) return;
  }
  throw new Error(`${key} does not lead to ${String(to)}: ${seen.join(" | ")}`);
}

describe.skipIf(missing !== undefined)("the keyboard", () => {
  test("does all that installing and a change of settings want", async () => {
    const scene = await startScene();
    const { world } = scene;
    const { page } = await signInAt(scene, world.card.zendesk.adminEmail);
    const app = await introduce(page, world.card.server.token);

    expect(await installedState(app)).toBe("Not installed");
    await app.locator("#tab-install").focus();
    await walk(page, app, "Tab", /^Install all$/);
    await page.keyboard.press("Enter");
    // Without the token the focus goes to where it is wanted.
    await expect.poll(async () => (await focused(app)).name).toMatch(/^Server token/);
    await page.keyboard.type(world.card.server.token);
    await walk(page, app, "Shift+Tab", /^Install all$/);
    await page.keyboard.press("Enter");
    await app.getByText("All steps are done.").first().waitFor({ timeout: 60_000 });
    await walk(page, app, "Tab", /^Repeat: Test event$/);

    await walk(page, app, "Shift+Tab", /^Install$/);
    await page.keyboard.press("ArrowRight");
    await app.locator("form.settings").waitFor();
    await walk(page, app, "Tab", /^Record assignments/);
    await page.keyboard.press("Space");
    await walk(page, app, "Tab", /^Review and save…$/);
    await page.keyboard.press("Enter");
    await app.getByRole("dialog").waitFor();
    // The dialog keeps the focus until it is left.
    await walk(page, app, "Tab", /^Save$/);
    await walk(page, app, "Tab", /^Cancel$/);
    await walk(page, app, "Tab", /^Save$/);
    await page.keyboard.press("Enter");
    await app.getByText("Saved. The server has revision 2.").first().waitFor();
    expect(settingsInZis(world)).toMatchObject({ revision: 2, record_assignments: false });
  });
});
