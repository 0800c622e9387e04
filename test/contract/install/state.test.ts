import { describe, expect, it } from "vitest";
import { buildBundle } from "#bundle/index";
import { archiveBundle } from "#install/bundle-archive";
import { stampBundle } from "#install/bundle-stamp";
import { createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import { hashOf } from "#install/canonical-json";
import type { StepContext } from "#install/context";
import { levelOf } from "#install/judge-state";
import { listPrevious } from "#install/previous-bundles";
import { rollBack } from "#install/rollback";
import { readState } from "#install/state";
import { checkStep, runStep } from "#install/steps";
import { installed, NAME, type TestAccount } from "./account.ts";

const BUILT = buildBundle(TEMPLATE_OPTIONS);
const ELSEWHERE = "https://other.caseqa.example";

const upload = (account: TestAccount, body: object) =>
  account.zis.call("POST", `/registry/${NAME}/bundles`, account.zis.as.apiToken, body);

/** A build with one job spec less. */
async function olderBuild(): Promise<StepContext["template"]> {
  const { on_ticket_merged: _less, ...resources } = BUILT.resources;
  return createTemplate({ ...BUILT, resources });
}

describe("one hash for one build", () => {
  it("is the one that the build of the app prints, wherever it is shown", async () => {
    const account = await installed();
    const { template } = account.context;
    expect(await readState(account.context)).toMatchObject({
      state: "in_sync",
      wantedHash: template.sha256,
      found: { hash: template.sha256 },
    });
    const step = await checkStep("bundle", account.context);
    expect(step.message).toContain(template.sha256.slice(0, 12));
    expect(step.facts).toEqual({ hash: template.sha256 });

    const older = account.with({ template: await olderBuild() });
    const replaced = await runStep("bundle", older);
    expect(replaced.facts).toEqual({ hash: older.template.sha256, before: template.sha256 });
    expect(await readState(account.context)).toMatchObject({
      found: { hash: older.template.sha256 },
      previous: [{ hash: template.sha256 }],
    });
    expect(await listPrevious(older)).toMatchObject([{ hash: template.sha256 }]);
    expect(await rollBack(older, template.sha256)).toMatchObject({
      outcome: "rolled_back",
      from: older.template.sha256,
      to: { hash: template.sha256 },
    });
  });

  it("stays when the server moves, and the difference is named; a rollback calls the new address", async () => {
    const account = await installed();
    const { template } = account.context;
    const moved = account.with({ serverUrl: ELSEWHERE });
    const state = await readState(moved);
    expect(state).toMatchObject({ state: "other_version", found: { hash: template.sha256 } });
    expect(state.problems.map(({ what }) => what)).toContain(
      `The installed bundle calls ${account.server.url}, and the server of this account is ${ELSEWHERE}.`,
    );
    expect((await checkStep("bundle", moved)).message).toContain(`not ${ELSEWHERE}`);

    const older = { ...moved, template: await olderBuild() };
    await runStep("bundle", older);
    const back = await rollBack(older);
    expect(back).toMatchObject({ outcome: "rolled_back", to: { hash: template.sha256 } });
    expect(await readState(moved)).toMatchObject({
      found: { hash: template.sha256, serverUrl: ELSEWHERE },
    });
    expect((await checkStep("bundle", moved)).outcome).toBe("already");
  });

  it("leaves no change unseen, not even one of the address alone", async () => {
    const account = await installed();
    const { integration } = account.context;
    const uploadedAt = "2026-11-01T00:00:00.000Z";
    const truth = buildBundle({ integration, serverUrl: account.server.url });
    const hash = await hashOf(truth);
    await upload(
      account,
      stampBundle(buildBundle({ integration, serverUrl: ELSEWHERE }), { hash, uploadedAt }),
    );
    expect(await readState(account.context)).toMatchObject({
      state: "changed",
      found: { serverUrl: ELSEWHERE },
    });
  });

  it("knows bundles that earlier versions stamped or kept, by the hash of their content", async () => {
    const account = await installed();
    const { integration, template } = account.context;
    const bundle = buildBundle({ integration, serverUrl: account.server.url });
    // As versions before wrote them: over the content with the account's own names.
    const hash = await hashOf(bundle);
    await upload(account, stampBundle(bundle, { hash, uploadedAt: "2026-10-02T00:00:00.000Z" }));
    const older = account.with({ template: await olderBuild() });
    // Uploaded past us, its job specs sleep; were it not recognized, it would be "changed".
    expect(await readState(older)).toMatchObject({
      state: "disabled",
      found: { hash: template.sha256 },
    });

    await runStep("bundle", older);
    await archiveBundle(older, bundle, { hash, uploadedAt: "2026-10-01T00:00:00.000Z" });
    expect(await listPrevious(older)).toMatchObject([{ hash: template.sha256 }]);
    expect(await rollBack(older)).toMatchObject({ outcome: "rolled_back" });
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
  });
});

describe("what could not be read", () => {
  it.each([
    ["the bundles", /\/bundles\?/],
    ["the bundle", /\/bundles\/./],
    ["the job specs", /\/job_specs(?!.*=1$)/],
  ])("is said with its cause, and is not taken for missing: %s", async (_what, path) => {
    const account = await installed();
    account.intercept = (call) =>
      call.method === "GET" && path.test(call.path)
        ? { status: 503, body: "try later" }
        : undefined;
    const state = await readState(account.context);
    expect(state.state).toBe("unreadable");
    expect(levelOf(state)).toBe("failed");
    expect(state.problems.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^What is installed could not be read\. Could not .*503.*try later/),
    ]);
    account.intercept = undefined;
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
  });
});
