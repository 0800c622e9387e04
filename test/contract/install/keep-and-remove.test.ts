import { describe, expect, it } from "vitest";
import { buildBundle } from "#bundle/index";
import { createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import type { StepContext } from "#install/context";
import { STEP_NAMES } from "#install/step-names";
import { disable, enable, planUninstall, uninstall } from "#install/disable";
import { createZendeskCalls } from "#install/integration-token";
import type { CallApi } from "#install/zendesk-api";
import { collect, createLink, deleteLink, everyLink, findLinks } from "#install/links";
import { repairLinks } from "#install/links-repair";
import { listPrevious } from "#install/previous-bundles";
import { rollBack } from "#install/rollback";
import { readState } from "#install/state";
import { runStep } from "#install/steps";
import { renewWebhooks } from "#install/steps/webhooks";
import type { Bundle } from "#zis/model/bundle";
import { bearer } from "../zis/services/start-zis.ts";
import { install, installed, NAME, startAccount, type TestAccount } from "./account.ts";

/** The template of a build with one job spec more and one less. */
async function otherBuild(account: TestAccount, more = "on_extra"): Promise<StepContext> {
  const { on_ticket_merged: _less, ...resources } = buildBundle(TEMPLATE_OPTIONS).resources;
  const bundle: Bundle = {
    ...buildBundle(TEMPLATE_OPTIONS),
    resources: {
      ...resources,
      [more]: {
        type: "ZIS::JobSpec",
        properties: {
          name: more,
          event_source: "support",
          event_type: "ticket.TagsChanged",
          flow_name: `zis:${TEMPLATE_OPTIONS.integration}:flow:ticket_created`,
        },
      },
    },
  };
  return account.with({ template: await createTemplate(bundle) });
}

const upgrade = async (context: StepContext) => {
  for (const name of ["bundle", "job_specs"] as const) {
    expect((await runStep(name, context)).outcome).toBe("done");
  }
};

describe("state by content", () => {
  it("tells what was changed, what is of another build and what is asleep", async () => {
    const account = await installed();
    const other = await otherBuild(account);
    expect(await readState(other)).toMatchObject({
      state: "other_version",
      jobSpecs: { missing: ["on_extra"] },
    });

    const { found } = await readState(account.context);
    const path = `/registry/${NAME}/bundles`;
    const { json } = await account.zis.call(
      "GET",
      `${path}/${found?.uuid}`,
      account.zis.as.apiToken,
    );
    const { on_ticket_merged: _gone, ...resources } = json.resources;
    await account.zis.call("POST", path, account.zis.as.apiToken, { ...json, resources });
    const changed = await readState(account.context);
    // Orphaned past us, nothing is installed but the one that the bundle no longer has.
    expect(changed).toMatchObject({ state: "changed", jobSpecs: { extra: ["on_ticket_merged"] } });
    expect(changed.problems.map(({ what }) => what).join()).toMatch(/changed the bundle/);
    await upgrade(account.context);
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
  });

  it("tells an upload that was stopped half way from a wish to sleep", async () => {
    const account = await installed();
    await runStep("bundle", await otherBuild(account));
    expect(await readState(await otherBuild(account))).toMatchObject({
      state: "unfinished",
      catchUpSince: expect.any(String),
    });
    await disable(account.context);
    expect(await readState(account.context)).toMatchObject({ state: "disabled" });
  });
});

describe("the server", () => {
  it("knows when flows are expected and when not, and what is done stays done without it", async () => {
    const account = await installed();
    const { context, server } = account;
    expect(server.flowsExpected).toBe(true);
    await disable(context);
    expect(server.flowsExpected).toBe(false);
    await enable(context);
    expect(server.flowsExpected).toBe(true);
    server.down = "no answer";
    const alone = await disable(context);
    expect(alone).toMatchObject({ outcome: "done", failed: [] });
    expect(alone.message).toContain("The server does not know of it");
    server.down = undefined;
    await runStep("job_specs", context);
    expect(server.flowsExpected).toBe(true);
    await uninstall(context, { links: false });
    expect(server.webhooks).toBeUndefined();
  });
});

describe("an upgrade", () => {
  it("installs what is new, removes what is gone, and has missed tickets fetched", async () => {
    const account = await installed();
    const sweeps = account.server.sweeps.length;
    const other = await otherBuild(account);
    await upgrade(other);
    const state = await readState(other);
    expect(state).toMatchObject({ state: "in_sync", problems: [] });
    expect(state.jobSpecs.installed).toContain("on_extra");
    expect(state.jobSpecs.installed).not.toContain("on_ticket_merged");
    expect(account.server.sweeps.slice(sweeps)).toEqual([
      { since: expect.any(String), reason: "upload" },
    ]);
    const since = Date.parse(account.server.sweeps.at(-1)?.since ?? "");
    expect(since).toBeLessThan(Date.parse(state.found?.uploadedAt ?? "") - 9 * 60_000);
  });

  it("owes the sweep until the server takes it on", async () => {
    const account = await installed();
    const other = await otherBuild(account);
    await runStep("bundle", other);
    account.server.down = "no answer";
    expect(await runStep("job_specs", other)).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/job specs are installed.*actions server|no answer/s),
    });
    account.server.down = undefined;
    const sweeps = account.server.sweeps.length;
    expect((await readState(other)).problems.map(({ what }) => what)).toEqual([
      expect.stringMatching(/not swept/),
    ]);
    expect((await runStep("job_specs", other)).outcome).toBe("done");
    expect(account.server.sweeps).toHaveLength(sweeps + 1);
    expect((await readState(other)).problems).toEqual([]);
  });
});

describe("a rollback", () => {
  it("brings back what was uploaded before, and can be undone", async () => {
    const account = await installed();
    const before = (await readState(account.context)).found?.hash;
    const other = await otherBuild(account);
    await upgrade(other);
    expect(await listPrevious(other)).toMatchObject([{ hash: before }]);
    const back = await rollBack(other);
    expect(back).toMatchObject({ outcome: "rolled_back", to: { hash: before } });
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
    expect(await readState(other)).toMatchObject({ state: "other_version" });
    expect(await rollBack(other)).toMatchObject({ outcome: "rolled_back" });
    expect(await readState(other)).toMatchObject({ state: "in_sync", problems: [] });
  });

  it("has nowhere to go after a first installation, nor to an unknown one", async () => {
    const account = await installed();
    expect(await rollBack(account.context)).toMatchObject({ outcome: "failed" });
    expect(await rollBack(account.context, "f".repeat(64))).toMatchObject({ outcome: "failed" });
  });

  it("refuses a kept bundle that was damaged, and keeps three", async () => {
    const account = await installed();
    for (const more of ["on_a", "on_b", "on_c", "on_d"]) {
      await upgrade(await otherBuild(account, more));
    }
    const now = await otherBuild(account, "on_d");
    expect(await listPrevious(now)).toHaveLength(3);
    account.intercept = ({ method, path }) => {
      if (method !== "GET" || !path.includes("caseqa_bundle_")) return undefined;
      const hash = "0".repeat(64);
      const config = { hash, uploaded_at: "2026-01-01T00:00:00.000Z", gzip: "H4sIAAAA" };
      return { status: 200, body: { configs: [{ scope: "caseqa_bundle_0", config }] } };
    };
    expect(await rollBack(now)).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/damaged/),
    });
  });
});

describe("disable, enable, uninstall", () => {
  it("switches off and on, each repeatable", async () => {
    const account = await installed();
    expect(await disable(account.context)).toMatchObject({ outcome: "done", failed: [] });
    expect(await readState(account.context)).toMatchObject({ state: "disabled" });
    expect(await disable(account.context)).toMatchObject({ outcome: "already" });
    const sweeps = account.server.sweeps.length;
    expect(await enable(account.context)).toMatchObject({ outcome: "done", failed: [] });
    expect(account.server.sweeps).toHaveLength(sweeps + 1);
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
    expect(await enable(account.context)).toMatchObject({ outcome: "already" });
  });

  it("removes all that can be removed and says what stays, also after a stop half way", async () => {
    const account = await installed();
    await createLink(account.context, { ticketId: "1", caseId: "500000000000001AAA" });
    const plan = await planUninstall(account.context, { links: true });
    expect(plan.filter((what) => what.startsWith("Config"))).toContain("Config caseqa");
    account.intercept = ({ method, path }) =>
      method === "DELETE" && path.includes("inbound_webhooks")
        ? { status: 500, body: "" }
        : undefined;
    const half = await uninstall(account.context, { links: true });
    expect(half).toMatchObject({ outcome: "failed" });
    expect(half.failed.map(({ what }) => what)).toEqual([
      expect.stringMatching(/webhook/),
      expect.stringMatching(/webhook/),
    ]);
    account.intercept = undefined;
    const rest = await uninstall(account.context, { links: true });
    expect(rest).toMatchObject({ outcome: "done", failed: [] });
    expect(rest.did.filter((what) => what.startsWith("webhook"))).toHaveLength(2);
    expect(rest.stays.join()).toMatch(/no way to delete/);
    expect(await uninstall(account.context, { links: true })).toMatchObject({ outcome: "already" });
    expect(await planUninstall(account.context, { links: true })).toEqual([]);
    expect(await readState(account.context)).toMatchObject({
      state: "not_installed",
      problems: [{ what: expect.stringContaining("uninstalled") }],
    });
    expect(await collect(everyLink(account.context))).toEqual([]);

    // Again from there: the revision goes on above the one that the server has.
    const last = account.server.history[0]?.revision ?? 0;
    await install(account.context);
    expect(account.server.history[0]?.revision).toBe(last + 1);
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
  });
});

describe("webhooks", () => {
  it("are renewed with new credentials, and old ones are deleted", async () => {
    const account = await installed();
    const before = account.server.webhooks?.["settings_sync"];
    const later = account.with({ now: () => new Date(Date.now() + 2 * 3_600_000) });
    await renewWebhooks(later);
    expect(account.server.webhooks?.["settings_sync"]?.password).not.toBe(before?.password);
    expect(await readState(account.context)).toMatchObject({ webhooks: { recorded: 2 } });
    const { pathname } = new URL(before?.url ?? "");
    expect((await account.zis.send("POST", pathname, {}, {})).status).toBe(404);
  });

  it("leave nothing behind when the server does not take their credentials", async () => {
    const account = await startAccount();
    for (const name of STEP_NAMES.slice(0, 5)) await runStep(name, account.context);
    const context = account.with({
      callServer: (call) =>
        call.method === "PUT"
          ? Promise.resolve({ status: 503, body: "" })
          : account.server.call(call),
    });
    expect((await runStep("webhooks", context)).outcome).toBe("failed");
    expect(account.calls.filter(({ path }) => path.includes("inbound_webhooks"))).toHaveLength(4);
    expect(await readState(account.context)).toMatchObject({ webhooks: { recorded: 0 } });
  });
});

describe("links", () => {
  const CASE = "500000000000001AAA";

  it("are made once, found from both sides, listed in pages and deleted once", async () => {
    const { context } = await installed();
    const link = { ticketId: "7", caseId: CASE };
    const both = await Promise.all([createLink(context, link), createLink(context, link)]);
    expect(both).toContain("created");
    expect(await createLink(context, link)).toBe("already");
    expect(await findLinks(context, { ticketId: "7" })).toMatchObject([{ caseId: CASE }]);
    expect(await findLinks(context, { caseId: CASE })).toMatchObject([{ ticketId: "7" }]);
    await createLink(context, { ticketId: "8", caseId: CASE });
    const asked: string[] = [];
    const inPagesOfOne: CallApi = (call) => {
      const path = call.path.replace("page%5Bsize%5D=100", "page%5Bsize%5D=1");
      asked.push(path);
      return context.callZendesk({ ...call, path });
    };
    const all = await collect(everyLink({ ...context, callZendesk: inPagesOfOne }));
    expect(all.map(({ ticketId }) => ticketId)).toEqual(["7", "8"]);
    expect(asked).toHaveLength(2);
    const [found] = await findLinks(context, { ticketId: "7" });
    expect(await deleteLink(context, found!)).toBe("deleted");
    expect(await deleteLink(context, found!)).toBe("already");
    await expect(createLink(context, { ticketId: "x", caseId: CASE })).rejects.toThrow(
      /not a ticket/,
    );
  });

  it("are listed to an end although a cursor comes again", async () => {
    const { context } = await installed();
    const links = [{ left_object: { name: "a" }, right_object: { name: "b" } }];
    const again = { links, meta: { has_more: true, after: "1" } };
    const callZendesk = () => Promise.resolve({ status: 200, body: again });
    expect(await collect(everyLink({ ...context, callZendesk }))).toHaveLength(2);
  });

  it("are mended where that is sure, and reported where it is not", async () => {
    const { context } = await installed();
    const raw = (left: string, right: string) =>
      context.callZendesk({
        method: "POST",
        path: `/api/services/zis/links/${NAME}`,
        body: {
          link_type: "ticket_case",
          left_object: { name: left },
          right_object: { name: right },
        },
        as: "integration",
      });
    await raw("zendesk:ticket:1", "salesforce:case:500000000000001");
    const byCase = await findLinks(context, { caseId: "500000000000001AAA" });
    expect(byCase).toMatchObject([{ ticketId: "1", caseId: "500000000000001AAA" }]);
    await raw("zendesk:ticket:2", "foo:bar");
    await createLink(context, { ticketId: "3", caseId: CASE });
    await createLink(context, { ticketId: "3", caseId: "500000000000002AAA" });
    const options = { dryRun: true, oneCasePerTicket: true };
    const dry = await repairLinks(context, options);
    expect(dry.map(({ kind, repaired }) => [kind, repaired])).toEqual([
      ["short_case_id", false],
      ["foreign_name", false],
      ["several_cases", false],
      ["several_cases", false],
    ]);
    const done = await repairLinks(context, { ...options, dryRun: false });
    expect(done[0]).toMatchObject({ kind: "short_case_id", repaired: true });
    expect(await findLinks(context, { ticketId: "1" })).toMatchObject([
      { rightName: `salesforce:case:${CASE}` },
    ]);
    const again = await repairLinks(context, options);
    expect(again.map(({ kind }) => kind)).not.toContain("short_case_id");
  });
});

describe("credentials", () => {
  it.each(["allow", "refuse"] as const)(
    "a session installs, where links and webhooks %s it",
    async (unlistedSession) => {
      const account = await startAccount({ serviceSwitches: { unlistedSession } });
      const calls = createZendeskCalls({
        integration: NAME,
        asAccount: account.as(account.zis.as.session),
        withBearer: (token) => account.as(bearer(token)),
        sessionFirst: true,
      });
      const context = account.with({ callZendesk: calls.call });
      await install(context);
      await calls.close();
      expect(await readState(context)).toMatchObject({ state: "in_sync", problems: [] });
      const minted = account.zis.account.tokens();
      // The look after closing minted anew only where a session is refused; the first token is revoked.
      expect(minted.length).toBeLessThanOrEqual(1);
      await calls.close();
      expect(account.zis.account.tokens()).toEqual([]);
    },
  );

  it("a token that was revoked is minted anew", async () => {
    const account = await installed();
    for (const { id } of account.zis.account.tokens()) account.zis.account.revokeToken(id);
    expect(await readState(account.context)).toMatchObject({ problems: [] });
  });
});
