/** The command with the unmodified zcli: from an empty account to the first linked ticket, its traps, and the plugin. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { CASE_NUMBER_FIELD_ID } from "../../sandbox/data/ticket-fields.ts";
import type { World } from "../../scripts/world.ts";
import { type Caseqa, prepareCaseqa } from "../support/caseqa.ts";
import { runNode } from "../support/run-node.ts";
import { runScript } from "../support/run-script.ts";
import { sampleApp, writeApp } from "../support/sample-app.ts";
import { openTicket, startWorld } from "../support/world.ts";
import { zcliMissing } from "../support/zcli.ts";

interface Scene {
  readonly world: World;
  readonly caseqa: Caseqa;
  /** `install` or `upgrade` with the app, as JSON. */
  readonly go: (command: "install" | "upgrade") => ReturnType<Caseqa["run"]>;
  readonly app: string;
}

function zcliBin(): string {
  const zcli = inject("zcli");
  if ("missing" in zcli) throw new Error(zcli.missing);
  return zcli.bin;
}

async function prepare(): Promise<Scene> {
  const world = await startWorld({ tickets: 40, tls: true, installed: false });
  const caseqa = await prepareCaseqa(world);
  const app = join(caseqa.folder, "app");
  await writeApp(app, sampleApp({ name: "CaseQA" }));
  const { url } = world.card.server;
  const init = await caseqa.run(["init", "--subdomain", "caseqa", "--server-url", url]);
  expect(init).toMatchObject({ code: 0 });
  const go: Scene["go"] = (command) =>
    caseqa.run([command, "--app", app, "--zcli", zcliBin(), "--json"]);
  return { world, caseqa, go, app };
}

async function scratch(parent: string): Promise<string> {
  const folder = await mkdtemp(join(parent, "caseqa-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function saved(folder: string, file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, file), "utf8")) as Record<string, unknown>;
}

describe.skipIf(zcliMissing() !== undefined)("caseqa with zcli", () => {
  test("comes from an empty account to the first linked ticket", async () => {
    const { world, caseqa, go, app } = await prepare();
    const startedMs = performance.now();

    const installed = await go("install");
    expect(installed.json).toMatchObject({
      ok: true,
      app: { action: "created", version: "1.0.0" },
    });
    const field = `case_number_field_id=${CASE_NUMBER_FIELD_ID}`;
    expect(await caseqa.run(["config", "set", field])).toMatchObject({ code: 0 });
    const ticket = openTicket(world, "none");
    const number = String(world.data.salesforce.Case[0]!["CaseNumber"]);
    world.zendesk.agents.setCustomField(ticket, CASE_NUMBER_FIELD_ID, number);
    await world.zis.idle(120_000);
    const found = await caseqa.run(["links", "find", "--ticket", ticket, "--json"]);
    expect(found.json["links"]).toMatchObject([{ caseId: world.data.salesforce.Case[0]!.Id }]);

    const seconds = (performance.now() - startedMs) / 1_000;
    process.stdout.write(`empty account to first linked ticket: ${seconds.toFixed(1)} s\n`);

    // What zcli did is what Zendesk and our server have.
    const [record] = world.apps.registry.installations();
    expect(record).toMatchObject({
      settings: { name: "CaseQA", server_url: world.card.server.url },
    });
    expect(await saved(caseqa.folder, "caseqa.json")).toMatchObject({
      app_id: String(record!.appId),
      installation_id: String(record!.id),
    });
    expect(await saved(app, "zcli.apps.config.json")).toEqual({
      app_id: record!.appId,
      installation_id: record!.id,
      parameters: { server_url: world.card.server.url },
    });
    expect(await readFile(join(app, ".zcliignore"), "utf8")).toContain("zcli.apps.config.json\n");
    const doctor = await caseqa.run(["doctor", "--app", app, "--zcli", zcliBin(), "--json"]);
    expect(doctor).toMatchObject({ code: 0 });

    // The same package is not uploaded again, unless somebody put another one in its place.
    const before = world.apps.registry.apps();
    const again = await go("install");
    expect(again.json).toMatchObject({ ok: true, app: { action: "unchanged" } });
    expect(world.apps.registry.apps()).toEqual(before);
    const file = join(caseqa.folder, "caseqa.json");
    const project = await saved(caseqa.folder, "caseqa.json");
    await writeFile(file, JSON.stringify({ ...project, app_updated_at: "2020-01-01T00:00:00Z" }));
    expect((await go("install")).json).toMatchObject({ app: { action: "updated" } });

    await writeApp(app, sampleApp({ name: "CaseQA", version: "1.1.0" }));
    const upgraded = await go("upgrade");
    expect(upgraded.json).toMatchObject({ ok: true, app: { action: "updated", version: "1.1.0" } });
    expect(world.apps.registry.installations()).toHaveLength(1);

    expect(await caseqa.run(["uninstall", "--yes"])).toMatchObject({ code: 0 });
    expect(world.apps.registry.apps()).toEqual([]);
    expect(await saved(caseqa.folder, "caseqa.json")).not.toHaveProperty("app_id");
  });

  test("installs the app where zcli reports success and did not", async () => {
    const { world, go } = await prepare();
    const path = "/api/support/apps/installations.json";
    world.faults.zendesk.add({ method: "POST", path, times: 1, status: 422, body: "{}" });
    const run = await go("install");
    expect(run.json).toMatchObject({ ok: true, app: { action: "created" } });
    expect(world.apps.registry.installations()).toHaveLength(1);
  });

  test("is told Zendesk's words when the app cannot be installed, and goes on with the same app", async () => {
    const { world, go } = await prepare();
    const path = "/api/support/apps/installations.json";
    const body = JSON.stringify({ error: "RecordInvalid", description: "No seats left" });
    const headers = { "content-type": "application/json" };
    world.faults.zendesk.add({ method: "POST", path, status: 422, headers, body });
    const refused = await go("install");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("No seats left");

    world.faults.zendesk.clear();
    expect((await go("install")).json).toMatchObject({ ok: true, app: { action: "updated" } });
    expect(world.apps.registry.apps()).toHaveLength(1);
    expect(world.apps.registry.installations()).toHaveLength(1);
  });

  test("fails when the upload's job failed, whatever zcli's exit code says", async () => {
    const { world, caseqa, go } = await prepare();
    world.apps.switches.failJobs = "The job failed";
    const run = await go("install");
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("zcli apps:create did not succeed");
    expect(run.stderr).toContain("The job failed");
    expect(await caseqa.run(["status"])).toMatchObject({ code: 1 });

    world.apps.switches.failJobs = undefined;
    expect((await go("install")).json).toMatchObject({ ok: true });
  });

  test("fails when an update left the old version in place", async () => {
    const { world, go, app } = await prepare();
    expect((await go("install")).json).toMatchObject({ ok: true });
    await writeApp(app, sampleApp({ name: "CaseQA", version: "1.1.0" }));
    world.apps.switches.failJobs = "The job failed";
    const run = await go("upgrade");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("Zendesk serves 1.0.0, not 1.1.0");
  });

  test("changes nothing in a dry run, and refuses a package that Zendesk would refuse", async () => {
    const { world, caseqa, app } = await prepare();
    const dry = await caseqa.run(["install", "--app", app, "--dry-run", "--json"]);
    expect(dry.json).toMatchObject({ dry_run: true, app: { action: "create" } });
    expect(world.apps.registry.apps()).toEqual([]);
    await expect(readFile(join(app, "zcli.apps.config.json"))).rejects.toThrow("ENOENT");

    await writeApp(app, sampleApp({ name: "CaseQA", frameworkVersion: "1.0" }));
    const wrong = await caseqa.run(["install", "--app", app, "--zcli", zcliBin()]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("1.0 is not a valid framework version");
    expect(world.apps.registry.apps()).toEqual([]);
  });
});

describe.skipIf(zcliMissing() !== undefined)("the plugin of zcli", () => {
  test("is the same command in the unmodified zcli", async () => {
    // Below the project, whose node_modules it needs.
    const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
    await mkdir(dist, { recursive: true });
    const built = await scratch(dist);
    expect(await runScript("scripts/build-cli.ts", ["--out", built])).toMatchObject({ code: 0 });
    const { caseqa, world, app } = await prepare();
    const env = { ...caseqa.env, ZCLI_DATA_DIR: join(built, "zcli-data") };
    const zcli = (...args: string[]) => runNode([zcliBin(), ...args], { env, cwd: caseqa.folder });

    const help = await zcli("caseqa:links:find", "--help");
    expect(help.stdout).toContain("$ zcli caseqa:links:find (--ticket ID | --case ID)");

    const before = await zcli("caseqa:status", "--json");
    expect(before).toMatchObject({ code: 1, json: { ok: false, state: "not_installed" } });
    // zcli runs itself: no other one is named or found.
    const installed = await zcli("caseqa:install", "--app", app, "--json");
    expect(installed.json).toMatchObject({ ok: true, app: { action: "created" } });
    const after = await zcli("caseqa:status", "--json");
    expect(after).toMatchObject({ code: 0, json: { ok: true, state: "in_sync" } });
    expect((await caseqa.run(["status", "--json"])).json).toEqual(after.json);
    expect(await zcli("caseqa:config:get", "no_such")).toMatchObject({ code: 2, stdout: "" });
    expect(world.apps.registry.installations()).toHaveLength(1);

    // The compiled command needs no zcli around it.
    const alone = await runNode([join(built, "cli/main.js"), "status", "--json"], {
      env: caseqa.env,
      cwd: await scratch(tmpdir()),
    });
    expect(alone.json).toMatchObject({ integration: "caseqa_127", state: "not_installed" });
  });
});
