/** The unmodified zcli against the stand-in: what it does, and its traps as they were recorded. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { World } from "../../scripts/world.ts";
import { type SampleApp, sampleApp, writeApp } from "../support/sample-app.ts";
import { openWorld } from "../support/world.ts";
import { type Credential, prepareZcli, type Zcli, zcliMissing } from "../support/zcli.ts";

const SERVER_URL = "https://caseqa.example.com";
const CREDENTIALS: readonly Credential[] = ["api_token", "oauth_token", "client_credentials"];

interface Scene {
  readonly zcli: Zcli;
  readonly folder: string;
}

let world: World;

/** The account without an app or a fault, as every test begins, and an app's folder to put there. */
async function prepare(
  options: { credential?: Credential; app?: SampleApp; config?: object } = {},
): Promise<Scene> {
  for (const { id } of world.apps.registry.apps()) world.apps.registry.deleteApp(id);
  world.apps.switches.failJobs = undefined;
  world.faults.zendesk.clear();
  const zcli = await prepareZcli(world, options.credential ?? "api_token");
  const folder = join(zcli.home, "app");
  const config = options.config ?? { parameters: { server_url: SERVER_URL } };
  const app = options.app ?? sampleApp();
  const files = { ...app.files, "zcli.apps.config.json": JSON.stringify(config) };
  await writeApp(folder, { ...app, files });
  return { zcli, folder };
}

async function savedConfig(folder: string): Promise<{ app_id?: number }> {
  return JSON.parse(await readFile(join(folder, "zcli.apps.config.json"), "utf8"));
}

describe.skipIf(zcliMissing() !== undefined)("zcli", () => {
  beforeAll(async () => {
    world = await openWorld({ tickets: 5, tls: true, installed: false });
  });

  afterAll(async () => world?.close());

  test.each(CREDENTIALS)("validates, packages, creates and updates by %s", async (credential) => {
    const { zcli, folder } = await prepare({ credential });

    const validated = await zcli.run(["apps:validate", folder]);
    expect(validated).toMatchObject({ code: 0, stdout: "No validation errors\n" });
    const packaged = await zcli.run(["apps:package", folder]);
    expect(packaged).toMatchObject({ code: 0 });
    expect(packaged.stdout).toMatch(/^Package created at .*app-\d+\.zip$/m);

    const created = await zcli.run(["apps:create", folder]);
    expect(created.stdout).toContain("Successfully installed app: Sample");
    expect(created.code).toBe(0);
    const [app] = world.apps.registry.apps();
    expect(await savedConfig(folder)).toMatchObject({ app_id: app!.id });
    expect(world.apps.registry.installations()).toMatchObject([
      { appId: app!.id, product: "support", settings: { name: "Sample", server_url: SERVER_URL } },
    ]);

    await writeApp(folder, sampleApp({ version: "1.1.0" }));
    const updated = await zcli.run(["apps:update", folder]);
    expect(updated.stdout).toContain("Successfully updated app: Sample");
    expect(updated.code).toBe(0);
    expect(world.apps.registry.apps()).toMatchObject([
      { id: app!.id, package: { manifest: { version: "1.1.0" } } },
    ]);
    expect(world.apps.registry.installations()).toHaveLength(1);
  });

  test("a package that Zendesk refuses ends with its words and 2", async () => {
    const { zcli, folder } = await prepare({ app: sampleApp({ defaultLocale: "de" }) });
    for (const command of ["apps:validate", "apps:package"]) {
      const run = await zcli.run([command, folder]);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain("translations/de.json");
    }
  });

  test("a wrong credential ends with 2 and says little", async () => {
    const { zcli, folder } = await prepare({ credential: "wrong" });
    for (const command of ["apps:validate", "apps:create"]) {
      expect((await zcli.run([command, folder])).code).toBe(2);
    }
    expect(world.apps.registry.apps()).toEqual([]);
  });

  test("a certificate that is not trusted is a network error", async () => {
    const { zcli, folder } = await prepare();
    const run = await zcli.run(["apps:validate", folder], { NODE_EXTRA_CA_CERTS: "" });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining("Network Error") });
  });

  test("create: an upload that is refused ends with 2, one that fails with 1", async () => {
    const { zcli, folder } = await prepare();
    const uploads = { method: "POST", path: "/api/v2/apps/uploads.json", times: 1 };
    const json = { headers: { "content-type": "application/json" } };
    world.faults.zendesk.add({ ...uploads, ...json, status: 401, body: "{}" });
    expect((await zcli.run(["apps:create", folder])).code).toBe(2);
    world.faults.zendesk.add({ ...uploads, ...json, status: 503, body: "{}" });
    expect((await zcli.run(["apps:create", folder])).code).toBe(1);
    expect(world.apps.registry.apps()).toEqual([]);
  });

  test("create: a failed job is shown, and ends with 0", async () => {
    const { zcli, folder } = await prepare();
    world.apps.switches.failJobs = "The job failed";
    const run = await zcli.run(["apps:create", folder]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("The job failed");
    expect(world.apps.registry.apps()).toEqual([]);
  });

  test("create: a refused installation is reported as a success", async () => {
    const config = { parameters: { server_url: "no address" } };
    const { zcli, folder } = await prepare({ config });
    const run = await zcli.run(["apps:create", folder]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("Successfully installed app: Sample");
    expect(world.apps.registry.apps()).toHaveLength(1);
    expect(world.apps.registry.installations()).toEqual([]);
  });

  test("create: a parameter without a value stops it after the upload, with 0", async () => {
    const { zcli, folder } = await prepare({ config: {} });
    const run = await zcli.run(["apps:create", folder]);
    expect(run.code).toBe(0);
    expect(run.stdout).not.toContain("Successfully");
    expect(world.apps.registry.apps()).toHaveLength(1);
    expect(world.apps.registry.installations()).toEqual([]);
  });

  test("update: a failed job ends with 2, and the settings file wins over the customer's", async () => {
    const { zcli, folder } = await prepare();
    await zcli.run(["apps:create", folder]);
    const { id } = world.apps.registry.installations()[0]!;
    const { adminEmail, apiToken, url } = world.card.zendesk;
    await fetch(`${url}/api/v2/apps/installations/${id}.json`, {
      method: "PUT",
      headers: {
        authorization: `Basic ${Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ settings: { server_url: "https://other.example.com" } }),
    });
    world.apps.switches.failJobs = "The job failed";
    const failed = await zcli.run(["apps:update", folder]);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining("The job failed") });
    expect(world.apps.registry.installation(id)!.settings["server_url"]).toContain("other");
    world.apps.switches.failJobs = undefined;
    expect((await zcli.run(["apps:update", folder])).code).toBe(0);
    expect(world.apps.registry.installation(id)!.settings["server_url"]).toBe(SERVER_URL);
  });

  test("update: an answer that is cut short crashes it", async () => {
    const { zcli, folder } = await prepare();
    await zcli.run(["apps:create", folder]);
    world.faults.zendesk.add({
      method: "GET",
      path: "/api/support/apps/installations.json",
      status: 200,
      headers: { "content-type": "application/json" },
      body: '{"installations":[{"id"',
    });
    const run = await zcli.run(["apps:update", folder]);
    expect(run.code).not.toBe(0);
  });
});
