/** An account into which the unmodified zcli has put our app, and nothing else of CaseQA is there. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { expect } from "vitest";
import { introduce, pressInstallAll, typeServerToken } from "../../../scripts/app/app-page.ts";
import type { BuildAppOptions } from "../../../scripts/app/build.ts";
import { buildApp } from "../../../scripts/app/build.ts";
import type { Site, SiteOptions } from "../../../scripts/app/site.ts";
import type { World } from "../../../scripts/world.ts";
import type { WorldOptions } from "../../../scripts/world/options.ts";
import { builtApp } from "../../support/built-app.ts";
import { openSite } from "../../support/browser.ts";
import { startWorld } from "../../support/world.ts";
import { prepareZcli, type Zcli } from "../../support/zcli.ts";
import { type Gate, openGate } from "./gate.ts";

export interface Scene {
  readonly world: World;
  readonly zcli: Zcli;
  /** The server as the account knows it. */
  readonly gate: Gate;
  /** Of the app that was installed; it may be changed. */
  readonly folder: string;
  readonly appId: number;
}

/** Takes the built app, starts an empty account and has zcli create the app in it. */
export async function startScene(options: Partial<WorldOptions> = {}): Promise<Scene> {
  const world = await startWorld({ tls: true, installed: false, ...options });
  const zcli = await prepareZcli(world, "api_token");
  const gate = await openGate(world.card.server.url);
  const folder = join(zcli.home, "app");
  await cp(await builtApp(), folder, { recursive: true });
  // zcli asks for every parameter that it finds no value of, and nobody is there to answer.
  const config = { parameters: { server_url: gate.url, integration: "" } };
  await writeFile(join(folder, "zcli.apps.config.json"), JSON.stringify(config));

  const created = await zcli.run(["apps:create", folder]);
  expect(created).toMatchObject({
    stderr: expect.not.stringContaining("Error"),
    stdout: expect.stringContaining("Successfully installed app: CaseQA"),
  });
  const [app] = world.apps.registry.apps();
  const [installation] = world.apps.registry.installations();
  expect(installation).toMatchObject({ appId: app?.id, settings: { server_url: gate.url } });
  return { world, zcli, gate, folder, appId: app?.id ?? 0 };
}

/** Builds the app again, with another bundle inside, and has zcli update it. */
export async function updateApp(
  { zcli, folder }: Scene,
  build: Omit<BuildAppOptions, "out"> = {},
): Promise<void> {
  const fresh = `${folder}-fresh`;
  await buildApp({ out: fresh, ...build });
  const config = await readFile(join(folder, "zcli.apps.config.json"), "utf8");
  await cp(fresh, folder, { recursive: true });
  await writeFile(join(folder, "zcli.apps.config.json"), config);
  const updated = await zcli.run(["apps:update", folder]);
  expect(updated.stdout).toContain("Successfully updated app: CaseQA");
}

/** Opens CaseQA as a person does who is not signed in yet: by the sign-in page. */
export async function signInAt(
  { world }: Scene,
  email: string,
  options: SiteOptions & { readonly query?: string } = {},
): Promise<Site> {
  const { query = "", ...size } = options;
  const site = await openSite(world.card.zendesk.url, world.apps, null, size);
  await site.page.goto(`${world.card.zendesk.url}/agent/apps/caseqa${query}`);
  await site.page.getByLabel("Who").selectOption(email);
  await site.page.getByRole("button", { name: "Sign in" }).click();
  return site;
}

/** An administrator has signed in, made the app known to the server and installed everything. */
export async function installedScene(
  options: Partial<WorldOptions> = {},
): Promise<{ readonly scene: Scene; readonly site: Site; readonly app: Frame }> {
  const scene = await startScene(options);
  const { adminEmail } = scene.world.card.zendesk;
  const { token } = scene.world.card.server;
  const site = await signInAt(scene, adminEmail);
  const app = await introduce(site.page, token);
  await typeServerToken(app, token);
  await pressInstallAll(app);
  await app.getByText("All steps are done.").first().waitFor();
  return { scene, site, app };
}
