import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { STEP_NAMES } from "#install/step-names";
import {
  diffSettings,
  MISSING_BASE,
  readSettings,
  saveSettings,
  settingsHistory,
  syncSettings,
} from "#install/settings-edit";
import { runStep } from "#install/steps";
import { NAME, startAccount, type TestAccount } from "./account.ts";

async function installed(): Promise<TestAccount> {
  const account = await startAccount();
  for (const name of STEP_NAMES.slice(0, 8)) await runStep(name, account.context);
  return account;
}

async function read(account: TestAccount) {
  const found = await readSettings(account.context);
  if (found.outcome !== "found") throw new Error(found.outcome);
  return found;
}

/** What another administrator, or a hand, writes. */
const write = (account: TestAccount, config: unknown) =>
  account.context.callZendesk({
    method: "PUT",
    path: `/api/services/zis/integrations/${NAME}/configs/caseqa`,
    body: { config },
    as: "integration",
  });

describe("saving", () => {
  it("raises the revision, and the server comes to have it", async () => {
    const account = await installed();
    const { base, settings } = await read(account);
    const edited = { ...settings, ignore_tags: ["vip"] };
    expect(diffSettings(settings, edited)).toEqual([
      { field: "ignore_tags", before: ["bulk_import"], after: ["vip"] },
    ]);
    const saved = await saveSettings(account.context, { base, settings: edited });
    expect(saved).toMatchObject({ outcome: "saved", settings: { revision: 2 } });
    expect(await syncSettings(account.context, 2)).toEqual({ outcome: "in_force", revision: 2 });
    expect(
      (await settingsHistory(account.context)).entries.map(({ revision }) => revision),
    ).toEqual([2, 1]);
  });

  it("names the fields that are wrong and writes nothing", async () => {
    const account = await installed();
    const { base, settings } = await read(account);
    const result = await saveSettings(account.context, {
      base,
      settings: { ...settings, enabled: "yes", colour: 1 },
    });
    expect(result).toMatchObject({
      outcome: "invalid",
      problems: [
        { field: "enabled", message: 'expected true or false, not "yes"' },
        { field: "colour", message: "is not a setting" },
      ],
    });
    expect((await read(account)).base).toBe(base);
  });

  it("sees that somebody else saved in between", async () => {
    const account = await installed();
    const { base, settings } = await read(account);
    await write(account, { ...settings, revision: 2, enabled: false });
    expect(await saveSettings(account.context, { base, settings })).toMatchObject({
      outcome: "conflict",
      theirs: { settings: { enabled: false } },
    });
  });

  it("tells when another save was last at the same moment", async () => {
    const account = await installed();
    const { base, settings } = await read(account);
    account.intercept = ({ method }) => {
      if (method !== "PUT") return undefined;
      // Their write comes after ours and before our look.
      account.intercept = async () => {
        account.intercept = undefined;
        await write(account, { ...settings, revision: 2, enabled: false });
        return undefined;
      };
      return undefined;
    };
    expect(await saveSettings(account.context, { base, settings })).toMatchObject({
      outcome: "overwritten",
      theirs: { settings: { enabled: false } },
    });
  });

  it("of several at once at most those count as saved that are read back", async () => {
    const account = await installed();
    const { base, settings } = await read(account);
    const results = await Promise.all(
      ["a", "b", "c"].map((tag) =>
        saveSettings(account.context, { base, settings: { ...settings, ignore_tags: [tag] } }),
      ),
    );
    const kept = (await read(account)).settings;
    expect(results.some(({ outcome }) => outcome === "saved" || outcome === "overwritten")).toBe(
      true,
    );
    expect(kept.revision).toBe(2);
  });

  it("migrates an older form, mends a wrong one, and begins where there is none", async () => {
    const account = await installed();
    await write(account, {
      version: 1,
      enabled: true,
      ignore_tags: ["old"],
      case_number_field_id: null,
      case_external_id_field: null,
    });
    const older = await read(account);
    expect(older).toMatchObject({ migratedFrom: 1, settings: { ignore_tags: ["old"] } });
    expect(await saveSettings(account.context, older)).toMatchObject({
      outcome: "saved",
      settings: { version: 4, revision: 2, ignore_tags: ["old"] },
    });

    await write(account, { version: 4, revision: "many" });
    const wrong = await readSettings(account.context);
    if (wrong.outcome !== "wrong") throw new Error(wrong.outcome);
    expect(await runStep("config", account.context)).toMatchObject({ outcome: "failed" });
    expect(
      await saveSettings(account.context, { base: wrong.base, settings: DEFAULT_SETTINGS }),
    ).toMatchObject({ outcome: "saved" });

    await account.context.callZendesk({
      method: "DELETE",
      path: `/api/services/zis/integrations/${NAME}/configs/caseqa`,
      as: "integration",
    });
    expect(await readSettings(account.context)).toEqual({ outcome: "missing" });
    expect(
      await saveSettings(account.context, { base: MISSING_BASE, settings: DEFAULT_SETTINGS }),
    ).toMatchObject({ outcome: "saved", settings: { revision: 2 } });
  });
});

describe("the step config", () => {
  it("raises a revision that the server would ignore", async () => {
    const account = await installed();
    const { settings } = await read(account);
    account.server.history.unshift({ revision: 9, applied_at: "", settings });
    expect(await syncSettings(account.context, 1)).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/newer revision 9/),
    });
    expect(await runStep("config", account.context)).toMatchObject({
      outcome: "done",
      facts: { revision: 10 },
    });
    expect((await runStep("settings_sync", account.context)).outcome).toBe("done");
    expect(account.server.history[0]?.revision).toBe(10);
  });

  it("a flow that does not come is told, with what to look at", async () => {
    const account = await installed();
    for (const spec of ["on_settings_sync"]) {
      await account.context.callZendesk({
        method: "DELETE",
        path: `/api/services/zis/registry/job_specs/install?job_spec_name=zis:${NAME}:job_spec:${spec}`,
      });
    }
    expect(await runStep("test_event", account.context)).toMatchObject({
      outcome: "failed",
      remedy: expect.stringMatching(/job_specs/),
    });
  });
});
