/** An older bundle runs in the account while a newer build saves settings: do its flows go on? */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { SETTINGS_VERSION } from "#contract/settings/settings";
import { createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import type { StepContext } from "#install/context";
import { STEP_NAMES } from "#install/step-names";
import { rollBack } from "#install/rollback";
import { readSettings, saveSettings, syncSettings } from "#install/settings-edit";
import { readState } from "#install/state";
import { runStep } from "#install/steps";
import type { Bundle } from "#zis/model/bundle";
import { NAME, startAccount, type TestAccount } from "./account.ts";

/** As the build was made that knew version 2: its flow settings_sync. */
async function olderBuild(account: TestAccount): Promise<StepContext> {
  const file = new URL("../../fixtures/bundles/settings-version-2.json", import.meta.url);
  const text = (await readFile(file, "utf8"))
    .replaceAll("https://caseqa.example.com", TEMPLATE_OPTIONS.serverUrl)
    .replaceAll("zis:caseqa:", `zis:${TEMPLATE_OPTIONS.integration}:`);
  return account.with({ template: await createTemplate(JSON.parse(text) as Bundle) });
}

async function install(context: StepContext) {
  for (const name of STEP_NAMES) {
    expect(await runStep(name, context)).not.toMatchObject({ outcome: "failed" });
  }
}

const upload = async (context: StepContext) => {
  for (const name of ["bundle", "job_specs"] as const) {
    expect((await runStep(name, context)).outcome).toBe("done");
  }
};

/** An account in which the older bundle runs. */
async function older(): Promise<TestAccount> {
  const account = await startAccount();
  const build = await olderBuild(account);
  await install(build);
  return account;
}

/** An account that was upgraded from the older bundle. */
async function upgraded(): Promise<TestAccount> {
  const account = await older();
  await upload(account.context);
  return account;
}

async function read({ context }: TestAccount) {
  const found = await readSettings(context);
  if (found.outcome !== "found") throw new Error(found.outcome);
  return found;
}

async function save(account: TestAccount, change: object) {
  const { base, settings } = await read(account);
  return saveSettings(account.context, { base, settings: { ...settings, ...change } });
}

/** By the path that the product uses: the flow settings_sync reads the Config and posts it. */
async function expectFlowsToRun(account: TestAccount) {
  const { revision } = (await read(account)).settings;
  account.server.history.length = 0;
  expect(await syncSettings(account.context, revision)).toEqual({ outcome: "in_force", revision });
  const [run] = account.zis.zis.runs.list({ limit: 1, flow: "settings_sync" });
  expect(run).toMatchObject({ status: "SUCCEEDED" });
}

/** What an earlier command left: it knows nothing of forms. */
const write = (account: TestAccount, config: unknown) =>
  account.context.callZendesk({
    method: "PUT",
    path: `/api/services/zis/integrations/${NAME}/configs/caseqa`,
    body: { config },
    as: "integration",
  });

describe("while an older bundle is installed", () => {
  it("the settings are made in the form that it reads", async () => {
    const account = await older();
    expect((await read(account)).migratedFrom).toBe(2);
    await expectFlowsToRun(account);
  });

  it("a save is written in the form that it reads, and its flows go on", async () => {
    const account = await older();
    expect(await save(account, { ignore_tags: ["vip"] })).toMatchObject({
      outcome: "saved",
      settings: { version: SETTINGS_VERSION, ignore_tags: ["vip"], revision: 2 },
    });
    await expectFlowsToRun(account);
    expect(account.server.history[0]?.settings).toMatchObject({ version: 2, ignore_tags: ["vip"] });
  });

  it("a save that it cannot hold is refused, with the remedy, and nothing is written", async () => {
    const account = await older();
    const { base } = await read(account);
    await expect(save(account, { sweep_old_tickets: true })).rejects.toMatchObject({
      message: expect.stringMatching(/bundle reads version 2.*sweep_old_tickets=true/),
      remedy: expect.stringMatching(/caseqa upgrade/),
    });
    expect((await read(account)).base).toBe(base);
    await expectFlowsToRun(account);

    await upload(account.context);
    expect(await save(account, { sweep_old_tickets: true })).toMatchObject({ outcome: "saved" });
    expect((await read(account)).migratedFrom).toBeNull();
    await expectFlowsToRun(account);
  });

  it("a document that it cannot read is reported, and the step config writes it anew", async () => {
    const account = await older();
    const { settings } = await read(account);
    await write(account, settings);
    expect(await syncSettings(account.context, 9, 500)).toMatchObject({ outcome: "waiting" });
    expect(account.zis.zis.runs.list({ limit: 1, flow: "settings_sync" })[0]).toMatchObject({
      status: "FAILED",
      message: expect.stringMatching(/version: expected 2/),
    });
    const { problems } = await readState(account.context);
    expect(problems).toContainEqual({
      what: expect.stringMatching(/of version 4, and the installed bundle reads version 2/),
      remedy: expect.stringMatching(/--only config/),
    });
    expect(await runStep("config", account.context)).toMatchObject({ outcome: "done" });
    expect((await read(account)).settings).toEqual(settings);
    await expectFlowsToRun(account);
  });
});

describe("a rollback to an older bundle", () => {
  it("writes the settings in the form that it reads, and its flows go on", async () => {
    const account = await upgraded();
    expect(await save(account, { ignore_tags: ["vip"] })).toMatchObject({ outcome: "saved" });
    const before = await read(account);
    expect(before.migratedFrom).toBeNull();
    expect(await rollBack(account.context)).toMatchObject({ outcome: "rolled_back" });
    const after = await read(account);
    expect(after).toMatchObject({ migratedFrom: 2, settings: before.settings });
    await expectFlowsToRun(account);
  });

  it("is refused where that form cannot hold them, and the newer bundle stays", async () => {
    const account = await upgraded();
    expect(await save(account, { sweep_old_tickets: true })).toMatchObject({ outcome: "saved" });
    const { found } = await readState(account.context);
    expect(await rollBack(account.context)).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/reads version 2.*sweep_old_tickets=true/),
      remedy: expect.stringMatching(/back to its default/),
    });
    expect((await readState(account.context)).found).toEqual(found);
    await expectFlowsToRun(account);
  });

  it("by installing the older build is refused while a later build's settings are there", async () => {
    const account = await upgraded();
    const { settings } = await read(account);
    await write(account, { ...settings, version: SETTINGS_VERSION + 1, colour: "red" });
    const { found } = await readState(account.context);
    expect(await runStep("bundle", await olderBuild(account))).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/of version 5, and this build reads version 4 at most/),
      remedy: expect.stringMatching(/newer version/),
    });
    expect((await readState(account.context)).found).toEqual(found);
  });

  it("mends settings that somebody saves for the newer bundle meanwhile", async () => {
    const account = await upgraded();
    expect(await save(account, { ignore_tags: ["vip"] })).toMatchObject({ outcome: "saved" });
    const { settings } = await read(account);
    account.intercept = async ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/bundles")) return undefined;
      account.intercept = undefined;
      await write(account, { ...settings, revision: settings.revision + 1 });
      return undefined;
    };
    expect(await rollBack(account.context)).toMatchObject({ outcome: "rolled_back" });
    await expectFlowsToRun(account);
  });
});
