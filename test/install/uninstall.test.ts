/** CaseQA is switched off and on, and goes: what is removed is gone, what stays is told. */
import { describe, expect, test } from "vitest";
import {
  installedState,
  openTab,
  pressInstallAll,
  typeServerToken,
} from "../../scripts/app/app-page.ts";
import { violations } from "../support/accessibility.ts";
import { browserMissing } from "../support/browser.ts";
import { zcliMissing } from "../support/zcli.ts";
import { installedScene } from "./support/scene.ts";
import {
  casesOf,
  conversations,
  idle,
  INTEGRATION,
  jobSpecs,
  settingsInZis,
} from "./support/stores.ts";
import { createClock, createTraffic, expectOnce, sweepsFinished } from "./support/traffic.ts";

const missing = browserMissing() ?? zcliMissing();

describe.skipIf(missing !== undefined)("CaseQA", () => {
  test("is disabled and enabled, and a sweep fetches what came meanwhile", async () => {
    const clock = createClock();
    const { scene, app } = await installedScene(clock.options);
    const { world } = scene;
    const traffic = createTraffic(world);
    await sweepsFinished(world, clock);

    await app.getByRole("button", { name: "Disable…" }).click();
    expect(await violations(app)).toEqual([]);
    await app.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await app.getByText("CaseQA is disabled").first().waitFor();
    expect(await installedState(app)).toBe("Disabled");
    expect((await jobSpecs(world)).some(({ installed }) => installed)).toBe(false);
    traffic.solve(3);
    await idle(world);
    expect(await conversations(world)).toEqual([]);

    await app.getByRole("button", { name: "Enable" }).click();
    await app.getByText("CaseQA is enabled").first().waitFor();
    expect(await installedState(app)).toBe("In sync");
    await sweepsFinished(world, clock);
    traffic.solve(1);
    await idle(world);
    await expectOnce(world, traffic.solved);

    // One more on demand finds nothing to do.
    await openTab(app, "health");
    await app.getByRole("button", { name: "Sweep now" }).click();
    // It soon waits for the minute that Zendesk holds back.
    await app
      .getByText(/^(Running|Waiting)$/)
      .first()
      .waitFor();
    const sweeps = await sweepsFinished(world, clock);
    const sweep = sweeps.find(({ reason }) => reason === "demand");
    expect(sweep).toMatchObject({ state: "finished", missed: 0, stale: 0, extra: 0 });
    await expectOnce(world, traffic.solved);
  });

  test("is uninstalled after the account's name was typed, and can be installed again", async () => {
    const { scene, app } = await installedScene();
    const { world } = scene;
    const traffic = createTraffic(world);
    const before = traffic.solve(4);
    await idle(world);
    await expectOnce(world, before);

    await app.getByRole("button", { name: "Uninstall…" }).click();
    const dialog = app.getByRole("dialog");
    await dialog.getByLabel(/^Type/).fill("another");
    await dialog.getByRole("button", { name: "Uninstall" }).click();
    await dialog.getByText("That is not the name of the account.").waitFor();
    expect(settingsInZis(world)).toBeDefined();
    await dialog.getByLabel(/^Type/).fill("caseqa");
    await dialog.getByRole("button", { name: "Uninstall" }).click();
    await app.getByText("CaseQA is uninstalled.").first().waitFor();
    await app.getByText(/^Cannot be deleted/).waitFor();
    expect(await violations(app)).toEqual([]);

    expect((await jobSpecs(world)).some(({ installed }) => installed)).toBe(false);
    expect(world.zis.stores.configs.search(INTEGRATION, "*")).toEqual([]);
    await app.getByText("caseqa_server missing").waitFor({ state: "attached" });
    // Events start nothing; what was stored stays, and so do the links.
    traffic.solve(2);
    await idle(world);
    expect(await conversations(world)).toEqual([...before].sort());
    for (const id of before) {
      expect(casesOf(world, id)).toHaveLength(
        world.data.truth.get(id)?.outcome === "matched" ? 1 : 0,
      );
    }

    // And back: the settings go on from the revision that the server has seen.
    await typeServerToken(app, world.card.server.token);
    await pressInstallAll(app);
    expect(await installedState(app)).toBe("In sync");
    expect(settingsInZis(world)).toMatchObject({ revision: 2 });
    const after = traffic.solve(1);
    await idle(world);
    expect(await conversations(world)).toEqual(expect.arrayContaining([...after]));
  });
});
