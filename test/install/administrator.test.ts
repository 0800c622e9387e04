/** An administrator's first hour: she installs everything by the page, from an account in which there is only the app. */
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../contract/settings/settings.ts";
import { STEP_NAMES } from "../../install/step-names.ts";
import {
  appFrame,
  installedState,
  introduce,
  openTab,
  pressInstallAll,
  typeServerToken,
} from "../../scripts/app/app-page.ts";
import { violations } from "../support/accessibility.ts";
import { browserMissing } from "../support/browser.ts";
import { zcliMissing } from "../support/zcli.ts";
import { signInAt, startScene } from "./support/scene.ts";
import {
  callZis,
  INTEGRATION,
  jobSpecs,
  revisionInForce,
  settingsInZis,
} from "./support/stores.ts";
import { stepItem, stepOutcome } from "./support/page-steps.ts";

const missing = browserMissing() ?? zcliMissing();

describe.skipIf(missing !== undefined)("an administrator", () => {
  test("installs everything from nothing, and an event comes the whole way", async () => {
    const scene = await startScene();
    const { world } = scene;
    const { token } = world.card.server;
    const { context, page, errors } = await signInAt(scene, world.card.zendesk.adminEmail);

    const before = await appFrame(page);
    expect(await installedState(before)).toBe("Not installed");
    expect(await violations(before)).toEqual([]);
    const app = await introduce(page, token);

    await typeServerToken(app, token);
    await pressInstallAll(app);
    for (const name of STEP_NAMES) expect(await stepOutcome(app, name)).toMatch(/^(done|already)$/);
    expect(await stepItem(app, "test_event").textContent()).toMatch(
      /The event arrived: webhook, job spec, flow, connection; the server answered "/,
    );
    expect(await installedState(app)).toBe("In sync");

    // What the page says is what the stores hold.
    const specs = await jobSpecs(world);
    expect(specs.length).toBeGreaterThan(0);
    expect(specs.filter(({ installed }) => !installed)).toEqual([]);
    expect(settingsInZis(world)).toEqual({ ...DEFAULT_SETTINGS, revision: 1 });
    expect(await revisionInForce(world)).toBe(1);
    const bundles = await callZis(world, "GET", `/registry/${INTEGRATION}/bundles`);
    expect((bundles.body as { bundles: unknown[] }).bundles).toHaveLength(1);

    // The token was Zendesk's and the server's to keep, not the browser's.
    expect(await stepItem(app, "connections").locator("input").inputValue()).toBe("");
    for (const frame of page.frames()) expect(await frame.content()).not.toContain(token);
    expect(JSON.stringify(await context.storageState())).not.toContain(token);

    // All of it once more changes nothing.
    await pressInstallAll(app);
    for (const name of ["integration", "bundle", "job_specs", "webhooks", "config"] as const) {
      expect(await stepOutcome(app, name)).toBe("already");
    }
    expect(await jobSpecs(world)).toEqual(specs);

    await openTab(app, "health");
    await app
      .getByText("Everything is well")
      .or(app.getByText(/warning/))
      .first()
      .waitFor();
    expect(await app.getByText("Failed", { exact: true }).count()).toBe(0);
    // Reading finds what is not there yet, which the browser writes down as well.
    expect(errors.filter((error) => !error.startsWith("Failed to load resource"))).toEqual([]);
  });
});
