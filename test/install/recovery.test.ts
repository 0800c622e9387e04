/** Each step of the installation broken once, and recovered by what the page itself says is the remedy. */
import type { Frame } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { StepName } from "../../install/step-names.ts";
import {
  appFrame,
  installedState,
  introduce,
  pressInstallAll,
  typeServerToken,
} from "../../scripts/app/app-page.ts";
import { violations } from "../support/accessibility.ts";
import { browserMissing } from "../support/browser.ts";
import { zcliMissing } from "../support/zcli.ts";
import { installedScene, type Scene, signInAt, startScene } from "./support/scene.ts";
import { callZis, INTEGRATION, jobSpecs } from "./support/stores.ts";
import { pressStep, stepItem, stepOutcome } from "./support/page-steps.ts";

const missing = browserMissing() ?? zcliMissing();

/** The one step that failed, with its cause and remedy. */
async function failure(app: Frame, name: StepName): Promise<string> {
  expect(await stepOutcome(app, name)).toBe("failed");
  expect(await app.locator("[data-outcome=failed]").count()).toBe(1);
  const callout = stepItem(app, name).getByRole("alert");
  expect(await callout.textContent()).toContain("What to do");
  return (await callout.textContent()) ?? "";
}

describe.skipIf(missing !== undefined)("a step that fails", () => {
  test("stops the installation with cause and remedy, and goes on from there", async () => {
    const scene = await startScene();
    const { world, gate } = scene;
    const { token } = world.card.server;
    const { page } = await signInAt(scene, world.card.zendesk.adminEmail);
    const app = await introduce(page, token);

    // Without the server token the page asks for it, and does nothing.
    await app.getByRole("button", { name: "Install all" }).click();
    await app.getByText("Enter the server token first").first().waitFor();
    const focused = await app.evaluate(() => document.activeElement?.getAttribute("type"));
    expect(focused).toBe("password");
    expect(await stepOutcome(app, "integration")).toBe("idle");
    await typeServerToken(app, token);

    // A scope is missing.
    const connections = "**/connections/**";
    await page.route(connections, async (route) =>
      route.fulfill({ status: 403, body: "insufficient_scope: read is wanted" }),
    );
    await pressInstallAll(app);
    expect(await failure(app, "oauth_client")).toMatch(/lacks a scope.*read and write/);
    await page.unroute(connections);
    await pressStep(app, "oauth_client");

    // The upload is refused to somebody who was no administrator at that moment.
    const bundles = "**/registry/*/bundles";
    await page.route(bundles, async (route) =>
      route.request().method() === "POST"
        ? route.fulfill({ status: 403, body: "Only admin user is allowed to perform the action" })
        : route.fallback(),
    );
    await pressInstallAll(app);
    expect(await failure(app, "bundle")).toMatch(
      /not an administrator.*Sign in as an administrator/,
    );
    expect(await jobSpecs(world)).toEqual([]);
    await page.unroute(bundles);
    await pressStep(app, "bundle");

    // One job spec is refused; the others are installed all the same.
    let refused = 0;
    await page.route("**/registry/job_specs/install*", async (route) =>
      route.request().url().includes("ticket_created") && refused++ < 3
        ? route.fulfill({ status: 400, body: "requested job specs is invalid" })
        : route.fallback(),
    );
    await pressInstallAll(app);
    expect(await failure(app, "job_specs")).toMatch(
      /not installed.*press Run at “Upload the bundle”/,
    );
    const left = (await jobSpecs(world)).filter(({ installed }) => !installed);
    expect(left.map(({ name }) => name)).toEqual([expect.stringContaining("ticket_created")]);
    expect(refused).toBeGreaterThan(0);
    refused = 3;
    await pressStep(app, "bundle");
    await pressStep(app, "job_specs");

    // The server is down while it is handed the webhooks.
    gate.open(false);
    await pressInstallAll(app);
    const down = await failure(app, await failedStep(app));
    expect(down).toMatch(/502|did not answer|in trouble|No answer/i);
    gate.open(true);
    await pressInstallAll(app);
    await app.getByText("All steps are done.").first().waitFor();
    expect(await installedState(app)).toBe("In sync");
  });

  test("a name that another account owns is told, and another one chosen in the app's settings", async () => {
    const takenNames = new Map([[INTEGRATION, "somebody-else"]]);
    const scene = await startScene({ takenNames });
    const { world } = scene;
    const { token } = world.card.server;
    const { page } = await signInAt(scene, world.card.zendesk.adminEmail);
    const app = await introduce(page, token);
    await typeServerToken(app, token);
    await pressInstallAll(app);
    expect(await failure(app, "integration")).toMatch(/another Zendesk account owns.*name/);
    expect(await violations(app)).toEqual([]);
    // Nothing else was tried, and the token is still there to go on with.
    expect(await stepOutcome(app, "oauth_client")).toBe("idle");
    const input = stepItem(app, "connections").locator("input");
    expect(await input.inputValue()).toBe(token);

    await changeSetting(scene, { integration: "caseqa_of_ours" });
    await page.reload();
    const again = await appFrame(page);
    await typeServerToken(again, token);
    await pressInstallAll(again);
    expect(await installedState(again)).toBe("In sync");
    expect((await jobSpecs(world, "caseqa_of_ours")).every(({ installed }) => installed)).toBe(
      true,
    );
  });

  test("job specs that somebody else's upload orphaned are seen and installed again", async () => {
    const { scene, app } = await installedScene();
    const { world } = scene;
    const { body } = await callZis(world, "GET", `/registry/${INTEGRATION}/bundles`);
    const [{ uuid } = { uuid: "" }] = (body as { bundles: { uuid: string }[] }).bundles;
    const kept = await callZis(world, "GET", `/registry/${INTEGRATION}/bundles/${uuid}`);
    await callZis(world, "POST", `/registry/${INTEGRATION}/bundles`, kept.body);
    expect((await jobSpecs(world)).some(({ installed }) => installed)).toBe(false);

    await app.getByRole("button", { name: "Check again" }).click();
    await app.getByText("This needs your attention").waitFor();
    expect(await violations(app)).toEqual([]);
    await pressStep(app, "job_specs");
    expect(await stepOutcome(app, "job_specs")).toBe("done");
    expect(await installedState(app)).toBe("In sync");
    expect((await jobSpecs(world)).every(({ installed }) => installed)).toBe(true);
  });

  test("a server that is down is told on every page, and by itself well again", async () => {
    const { scene, site } = await installedScene();
    scene.gate.open(false);
    await site.page.reload();
    const app = await appFrame(site.page);
    for (const tab of ["health", "log"] as const) {
      await app.locator(`#tab-${tab}`).click();
      await app
        .getByText(/could not be read/)
        .first()
        .waitFor();
      expect(await violations(app)).toEqual([]);
    }
    scene.gate.open(true);
    await site.page.reload();
    const again = await appFrame(site.page);
    await again.locator("#tab-health").click();
    await again.locator("[data-level=ok]").waitFor();
    await again.getByText(/checks are well/).click();
    await again.getByText("Database").first().waitFor();
  });
});

/** As Admin Center does when an administrator changes the app's settings. */
async function changeSetting({ world }: Scene, settings: object): Promise<void> {
  const { adminEmail, apiToken, url } = world.card.zendesk;
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const [installation] = world.apps.registry.installations();
  const response = await fetch(`${url}/api/v2/apps/installations/${installation?.id}.json`, {
    method: "PUT",
    headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
    body: JSON.stringify({ settings }),
  });
  expect(response.status).toBe(200);
}

async function failedStep(app: Frame): Promise<StepName> {
  const name = await app.locator("[data-outcome=failed]").first().getAttribute("data-step");
  return name as StepName;
}
