/** The app in the agent interface, in a real browser, over the whole world: installed, changed, and read by everybody. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  appFrame,
  installedState,
  introduce,
  openTab,
  pressInstallAll,
  typeServerToken,
} from "#scripts/app/app-page";
import { putApp } from "#scripts/app/put-in";
import type { World } from "#scripts/world";
import { violations } from "../../support/accessibility.ts";
import { builtApp } from "../../support/built-app.ts";
import { browserMissing, openSite } from "../../support/browser.ts";
import { onFileFinished } from "../../support/file-end.ts";
import { openWorld, startWorld } from "../../support/world.ts";

const TABS = ["install", "settings", "health", "log"] as const;

let folder: string;

beforeAll(async () => {
  folder = await builtApp();
});

async function openApp(world: World, id: number, query = "", options = {}, email?: string) {
  const { url, adminEmail } = world.card.zendesk;
  const site = await openSite(url, world.apps, email ?? adminEmail, options);
  await site.page.goto(`${url}/agent/apps/${id}${query}`);
  return { ...site, app: await appFrame(site.page) };
}

/** As a person does it: the app is made known to the server, the page is loaded anew, everything is installed. */
async function installByHand(world: World, id: number) {
  const opened = await openApp(world, id);
  const app = await introduce(opened.page, world.card.server.token);
  await typeServerToken(app, world.card.server.token);
  await pressInstallAll(app);
  await app.getByText("All steps are done.").first().waitFor();
  return { ...opened, app };
}

/** For the tests that only read: whichever is first installs it for all of them. */
let installed: ReturnType<typeof installOnce> | undefined;

async function installOnce() {
  const world = await openWorld({ installed: false });
  onFileFinished(() => world.close());
  const id = await putApp(world.card, folder);
  await installByHand(world, id);
  return { world, id };
}

describe.skipIf(browserMissing() !== undefined)("the app", () => {
  test("is installed by hand, and a saved setting reaches the server", async () => {
    const world = await startWorld({ installed: false });
    const { app, page } = await installByHand(world, await putApp(world.card, folder));
    // The card reads the registry anew once the steps are done.
    const state = () => app.locator(".c-tag").first().textContent();
    await expect.poll(state).toBe("In sync");
    expect(await app.locator("[data-outcome=failed]").count()).toBe(0);

    await app.getByRole("tab", { name: "Settings" }).click();
    await app.getByLabel("Tags that are left alone").fill("bulk_import\nspam");
    await app.getByRole("button", { name: "Review and save…" }).click();
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Saved. The server has revision 2.").first().waitFor();

    // A dialog takes the focus, Escape gives it back.
    await app.getByRole("tab", { name: "Settings" }).press("ArrowLeft");
    await app.getByRole("button", { name: "Uninstall…" }).click();
    await app.getByRole("dialog").waitFor();
    expect(await violations(app)).toEqual([]);
    await page.keyboard.press("Escape");
    await app.getByRole("dialog").waitFor({ state: "detached" });
    expect(await app.evaluate(() => document.activeElement?.textContent)).toBe("Uninstall…");
  });

  test("keeps both changes when two people save", async () => {
    const world = await startWorld({ installed: false });
    const id = await putApp(world.card, folder);
    const mine = (await installByHand(world, id)).app;
    const theirs = (await openApp(world, id)).app;
    for (const app of [mine, theirs]) {
      await app.getByRole("tab", { name: "Settings" }).click();
      await app.getByLabel("Store conversations").waitFor();
    }
    await theirs.getByLabel("Store conversations").uncheck();
    await theirs.getByRole("button", { name: "Review and save…" }).click();
    await theirs.getByRole("button", { name: "Save", exact: true }).click();
    await theirs.getByText("Saved. The server has revision 2.").first().waitFor();

    await mine.getByLabel("Record assignments").uncheck();
    await mine.getByRole("button", { name: "Review and save…" }).click();
    await mine.getByRole("button", { name: "Save", exact: true }).click();
    await mine.getByRole("heading", { name: "Somebody else saved meanwhile" }).waitFor();
    await mine.getByRole("button", { name: "Keep mine on top of theirs" }).click();
    await mine.getByRole("button", { name: "Save", exact: true }).click();
    await mine.getByText("Saved. The server has revision 3.").first().waitFor();
    expect(await mine.getByLabel("Store conversations").isChecked()).toBe(false);
    expect(await mine.getByLabel("Record assignments").isChecked()).toBe(false);
  });

  test("has no fault of accessibility, in light and dark, left to right and right to left", async () => {
    const { world, id } = await (installed ??= installOnce());
    for (const [query, width] of [
      ["", 1280],
      ["?theme=dark", 1280],
      ["?locale=ar", 420],
      ["?theme=dark&locale=ar", 1280],
    ] as const) {
      const { app, context } = await openApp(world, id, query, { width });
      for (const tab of TABS) {
        await openTab(app, tab);
        expect(await violations(app), `${tab} ${query}`).toEqual([]);
      }
      await context.close();
    }
  });

  test("refuses a wrong server token, shows one verdict, and forgets its steps when all is uninstalled", async () => {
    const world = await startWorld({ installed: false });
    const id = await putApp(world.card, folder);
    const opened = await openApp(world, id);
    const app = await introduce(opened.page, world.card.server.token);
    await typeServerToken(app, "a-token-that-the-server-does-not-know");
    await pressInstallAll(app);
    const connection = app.locator("[data-step=connections]");
    await connection.getByText("does not know this token").waitFor();
    expect(await connection.getAttribute("data-outcome")).toBe("failed");
    await typeServerToken(app, world.card.server.token);
    await pressInstallAll(app);
    await app.getByText("All steps are done.").first().waitFor();
    const state = app.locator("section:has(#state-title)");
    await expect.poll(() => installedState(app)).toBe("In sync");
    expect(await state.getByText("Bundle in Zendesk").isVisible()).toBe(false);

    await openTab(app, "health");
    await app.getByRole("heading", { name: "Everything is well" }).waitFor();
    expect(await app.locator("[data-check]").first().isVisible()).toBe(false);
    await app.getByText(/checks are well$/).click();
    expect(await app.locator("[data-check=flows]").isVisible()).toBe(true);
    await app.getByRole("button", { name: "Send a test event" }).click();
    await app.getByText("The event arrived").first().waitFor();

    await openTab(app, "log");
    const unchanged = app.getByText("unchanged", { exact: true }).first();
    await unchanged.waitFor();
    expect(await unchanged.evaluate((part) => part.closest(".c-tag"))).toBeNull();

    await openTab(app, "settings");
    await app.getByLabel("CaseQA is on").uncheck();
    await app.getByRole("button", { name: "Review and save…" }).click();
    await app.getByRole("dialog").getByText("CaseQA is switched off").waitFor();
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Saved. The server has revision 2.").first().waitFor();
    await openTab(app, "health");
    await app.locator("[data-check=settings][data-state=warning]").waitFor();

    await openTab(app, "install");
    await expect.poll(() => installedState(app)).toBe("Needs attention");
    await app.getByRole("button", { name: "Uninstall…" }).click();
    await app.getByLabel(/to confirm$/).fill(world.card.zendesk.subdomain);
    await app.getByRole("dialog").getByRole("button", { name: "Uninstall" }).click();
    await app.getByText("CaseQA is uninstalled.").first().waitFor();
    await expect.poll(() => installedState(app)).toBe("Not installed");
    expect(await app.locator("[data-step]:not([data-outcome=idle])").count()).toBe(0);
  });

  test("is read without scrolling sideways where it is narrow", async () => {
    const { world, id } = await (installed ??= installOnce());
    for (const width of [420, 360]) {
      const { app, context } = await openApp(world, id, "", { width });
      for (const tab of TABS) {
        await openTab(app, tab);
        const wide = await app.evaluate(() => {
          for (const part of document.querySelectorAll("details")) part.open = true;
          const parts = [document.documentElement, ...document.querySelectorAll(".scroll")];
          return parts.filter((part) => part.scrollWidth > part.clientWidth).length;
        });
        expect(wide, `${tab} ${width}`).toBe(0);
        expect(await violations(app), `${tab} ${width}`).toEqual([]);
      }
      await context.close();
    }
  });

  test("shows its pages to administrators only", async () => {
    const { world, id } = await (installed ??= installOnce());
    const agent = world.data.zendesk.agents.find(({ role, email }) => role === "agent" && email);
    const { app } = await openApp(world, id, "", {}, agent!.email!);
    await app.getByRole("heading", { name: "CaseQA is for administrators." }).waitFor();
    expect(await app.getByRole("tab").count()).toBe(0);
    expect(await violations(app)).toEqual([]);
  });
});
