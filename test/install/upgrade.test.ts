/** A changed bundle is brought while events flow, and taken back: after the sweep nothing is lost, and nothing doubled. */
import { describe, expect, test } from "vitest";
import { appFrame, installedState, pressInstallAll } from "../../scripts/app/app-page.ts";
import type { World } from "../../scripts/world.ts";
import { browserMissing } from "../support/browser.ts";
import { zcliMissing } from "../support/zcli.ts";
import { CHANGED, changedTemplate } from "./support/changed-bundle.ts";
import { installedScene, updateApp } from "./support/scene.ts";
import { conversations, idle, jobSpecs } from "./support/stores.ts";
import { createClock, createTraffic, expectOnce, sweepsFinished } from "./support/traffic.ts";
import { stepOutcome } from "./support/page-steps.ts";

const missing = browserMissing() ?? zcliMissing();

/** Whether the newest run of the flow that captures was one of the changed bundle. */
function isChanged({ zis }: World): boolean {
  const [run] = zis.runs.list({ limit: 1, flow: "ticket_status_changed" });
  return run?.message?.endsWith(CHANGED) ?? false;
}

describe.skipIf(missing !== undefined)("an upgrade", () => {
  test("loses no event and doubles none", async () => {
    const clock = createClock();
    const { scene, site } = await installedScene({ tickets: 200, ...clock.options });
    const { world } = scene;
    const traffic = createTraffic(world);
    await sweepsFinished(world, clock);
    traffic.solve(3);
    await idle(world);
    expect(isChanged(world)).toBe(false);
    await expectOnce(world, traffic.solved);

    await updateApp(scene, { template: await changedTemplate() });
    await site.page.reload();
    const app = await appFrame(site.page);
    expect(await installedState(app)).toBe("Other version");

    // Between the upload and the first job spec nothing starts a flow: these events are lost for certain.
    let lost: readonly string[] = [];
    await site.page.route("**/registry/job_specs/install*", async (route) => {
      if (lost.length === 0) {
        await idle(world);
        lost = traffic.solve(2);
        await idle(world);
        for (const id of lost) expect(await conversations(world)).not.toContain(id);
      }
      await route.fallback();
    });
    const flowing = traffic.flow();
    await pressInstallAll(app);
    await app.getByText("All steps are done.").first().waitFor();
    flowing.stop();
    expect(lost).toHaveLength(2);
    expect(await stepOutcome(app, "bundle")).toBe("done");
    expect(await installedState(app)).toBe("In sync");

    const sweeps = await sweepsFinished(world, clock);
    const sweep = sweeps.find(({ reason }) => reason === "upload");
    expect(sweep).toMatchObject({ state: "finished", message: null });
    expect(sweep?.findings.map(({ ticket_id }) => ticket_id)).toEqual(
      expect.arrayContaining([...lost]),
    );
    await expectOnce(world, traffic.solved);
    expect(traffic.solve(1)).toHaveLength(1);
    await idle(world);
    expect(isChanged(world)).toBe(true);
    await expectOnce(world, traffic.solved);
  });

  test("is rolled back while events flow, and taken up again", async () => {
    const clock = createClock();
    const { scene, site } = await installedScene({ tickets: 200, ...clock.options });
    const { world } = scene;
    const traffic = createTraffic(world);
    await updateApp(scene, { template: await changedTemplate() });
    await site.page.reload();
    const app = await appFrame(site.page);
    await pressInstallAll(app);
    await sweepsFinished(world, clock);

    const flowing = traffic.flow();
    await app.getByRole("button", { name: "Roll back…" }).click();
    await app.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    await app
      .getByText(/The bundle of .* is installed again/)
      .first()
      .waitFor({ timeout: 60_000 });
    flowing.stop();
    expect(await installedState(app)).toBe("Other version");
    expect((await jobSpecs(world)).every(({ installed }) => installed)).toBe(true);
    await sweepsFinished(world, clock);
    expect(traffic.solve(1)).toHaveLength(1);
    await idle(world);
    expect(isChanged(world)).toBe(false);
    await expectOnce(world, traffic.solved);

    await pressInstallAll(app);
    expect(await installedState(app)).toBe("In sync");
    await sweepsFinished(world, clock);
    expect(traffic.solve(1)).toHaveLength(1);
    await idle(world);
    expect(isChanged(world)).toBe(true);
    await expectOnce(world, traffic.solved);
  });
});
