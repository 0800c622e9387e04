import { describe, expect, it } from "vitest";
import { STEP_NAMES, type StepName } from "#install/step-names";
import { readState } from "#install/state";
import { checkStep, runStep } from "#install/steps";
import { ERRORS } from "#platform/errors";
import { startAccount, type TestAccount, TOKEN } from "./account.ts";

async function installAll(account: TestAccount) {
  const results = [];
  for (const name of STEP_NAMES) results.push(await runStep(name, account.context));
  return results;
}

describe("an installation from nothing", () => {
  it("does every step, and doing it again changes nothing", async () => {
    const account = await startAccount();
    const first = await installAll(account);
    expect(first.map(({ step, outcome }) => [step, outcome])).toEqual([
      ["integration", "done"],
      ["oauth_client", "already"],
      ["connections", "done"],
      ["bundle", "done"],
      ["job_specs", "done"],
      ["webhooks", "done"],
      ["config", "done"],
      ["settings_sync", "done"],
      ["test_event", "done"],
    ]);
    const state = await readState(account.context);
    expect(state).toMatchObject({ state: "in_sync", problems: [], catchUpSince: null });
    expect(account.server.sweeps).toHaveLength(1);

    account.calls.length = 0;
    const again = await installAll(account);
    expect(again.map(({ outcome }) => outcome)).toEqual([
      "already",
      "already",
      "done",
      "already",
      "already",
      "already",
      "already",
      "already",
      "done",
    ]);
    // The given token is written once more, since the one that is there cannot be read.
    const writes = account.calls.filter(({ method }) => method !== "GET");
    expect(writes.map(({ method }) => method)).toEqual(["PATCH"]);
    expect(account.server.sweeps).toHaveLength(1);
  });

  it("checks without changing anything", async () => {
    const account = await startAccount();
    for (const name of STEP_NAMES) {
      expect((await checkStep(name, account.context)).outcome).toMatch(/failed|waiting/);
    }
    expect(account.calls.filter(({ method }) => method !== "GET")).toEqual([]);
    await installAll(account);
    account.calls.length = 0;
    for (const name of STEP_NAMES) {
      expect(await checkStep(name, account.context)).toMatchObject({
        outcome: expect.stringMatching(/already|done/),
        remedy: null,
      });
    }
    expect(account.calls.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("may run twice at once", async () => {
    const account = await startAccount();
    for (const name of STEP_NAMES) {
      const both = await Promise.all([
        runStep(name, account.context),
        runStep(name, account.context),
      ]);
      for (const { outcome, message } of both) expect([outcome, message]).not.toContain("failed");
    }
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
  });

  it("goes on from wherever it was stopped", async () => {
    const account = await startAccount();
    // Stopped before the first write, then before the second, and so on; each time it begins anew.
    for (let allowed = 0, stopped = true; stopped; allowed += 1) {
      let writes = 0;
      stopped = false;
      account.intercept = ({ method }) => {
        if (method === "GET") return undefined;
        writes += 1;
        if (writes <= allowed) return undefined;
        stopped = true;
        throw new Error("killed");
      };
      for (const name of STEP_NAMES) {
        const { outcome } = await runStep(name, account.context);
        if (outcome === "failed") break;
      }
      expect(allowed).toBeLessThan(60);
    }
    account.intercept = undefined;
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
    // What an upload cost is fetched, however it was interrupted.
    expect(account.server.sweeps.length).toBeGreaterThan(0);
  });
});

describe("the state has causes, not what follows from them", () => {
  it("an account in which nothing is installed is one problem, with the command", async () => {
    const account = await startAccount();
    const { problems } = await readState(account.context);
    expect(problems).toEqual([
      {
        what: "The integration caseqa_acme is not registered.",
        remedy: expect.stringContaining("caseqa install"),
      },
    ]);
  });

  it("a server that refuses the token is one problem", async () => {
    const account = await startAccount();
    await installAll(account);
    account.server.down = { status: 401, body: { error: { code: "UNAUTHORIZED", message: "no" } } };
    expect((await readState(account.context)).problems).toEqual([
      expect.objectContaining({ about: "server", remedy: expect.stringMatching(/SERVER_TOKENS/) }),
    ]);
  });

  it("what cannot be read is not said to be missing", async () => {
    const account = await startAccount();
    await installAll(account);
    account.intercept = ({ path }) =>
      /\/configs|\/connections/.test(path) ? { status: 503, body: "away" } : undefined;
    const { problems } = await readState(account.context);
    expect(problems.map(({ what }) => what)).toEqual([expect.stringMatching(/^Could not read/)]);
  });
});

describe("the token of the connection", () => {
  const connections = async (account: TestAccount, parts: object) =>
    runStep("connections", account.with(parts));

  it("is tried at the server before Zendesk is given it", async () => {
    const account = await startAccount();
    await runStep("integration", account.context);
    const connectionCalls = () =>
      account.calls.filter(({ method, path }) => method !== "GET" && path.includes("/connections"));
    const wrong = "this-is-no-token-of-the-server";
    const refused = await connections(account, { serverToken: wrong });
    expect(refused).toMatchObject({ outcome: "failed", facts: { status: 401 } });
    expect(refused.message).toContain("does not know this token");
    expect(JSON.stringify(refused)).not.toContain(wrong);
    expect(connectionCalls()).toEqual([]);

    expect(await connections(account, {})).toMatchObject({ outcome: "done" });
    expect(await connections(account, { serverToken: wrong })).toMatchObject({ outcome: "failed" });
    // The right one is still there.
    await installAll(account);
    expect(await readState(account.context)).toMatchObject({ state: "in_sync", problems: [] });
  });

  it("is not given away while the server cannot be asked, nor when it is another account's", async () => {
    const account = await startAccount();
    await runStep("integration", account.context);
    account.server.down = "no answer";
    const silent = await connections(account, {});
    expect(silent).toMatchObject({ outcome: "failed" });
    expect(silent.message).toContain("no answer");
    account.server.down = undefined;
    const me = { account: "globex", user_id: null, role: "admin", expires_at: null };
    const other = await connections(account, {
      callServerAs: () => async () => ({ status: 200, body: me }),
    });
    expect(other.message).toContain('"globex"');
    const session = await connections(account, {
      callServerAs: () => async () => ({ status: 200, body: { ...me, user_id: "7" } }),
    });
    expect(session.message).toContain("session of the app");
  });
});

describe("each failure says its cause and its remedy", () => {
  const cases: readonly [string, StepName, RegExp, RegExp, (account: TestAccount) => void][] = [
    [
      "an OAuth token on the upload",
      "bundle",
      /OAuth/,
      /Open the CaseQA app/,
      (account) => {
        account.intercept = ({ method, path }) =>
          method === "POST" && path.endsWith("/bundles")
            ? {
                status: 401,
                body: "Authorization failed due to OAuth being disabled for this API request",
              }
            : undefined;
      },
    ],
    [
      "an upload that is refused",
      "bundle",
      /did not accept the bundle/,
      /newest version/,
      (account) => {
        account.intercept = ({ method, path }) =>
          method === "POST" && path.endsWith("/bundles")
            ? { status: 400, body: { errors: [{ detail: "zis_template_version is wrong" }] } }
            : undefined;
      },
    ],
    [
      "no answer",
      "config",
      /no answer \(socket hang up\)/,
      /network/,
      (account) => {
        account.intercept = () => {
          throw new Error("socket hang up");
        };
      },
    ],
    [
      "too many calls",
      "config",
      /429/,
      /Wait a minute/,
      (account) => {
        account.intercept = () => ({ status: 429, body: "" });
      },
    ],
    [
      "a server that is down",
      "settings_sync",
      /no answer/,
      /Start the actions server/,
      (account) => {
        account.server.down = "no answer";
      },
    ],
    [
      "a server that does not know us",
      "webhooks",
      /actions server answered 401/,
      /SERVER_TOKENS/,
      (account) => {
        account.server.down = { status: 401, body: { error: { code: "UNAUTHORIZED" } } };
      },
    ],
    [
      "a server that cannot keep secrets",
      "webhooks",
      /TOKEN_KEYS is not set/,
      /set TOKEN_KEYS/,
      (account) => {
        const code = "SEALING_NOT_CONFIGURED";
        const { status, hint } = ERRORS[code];
        account.server.down = {
          status,
          body: { error: { code, message: "TOKEN_KEYS is not set", hint } },
        };
      },
    ],
  ];
  it.each(cases)("%s", async (_what, step, message, remedy, break_) => {
    const account = await startAccount();
    for (const name of STEP_NAMES.slice(0, STEP_NAMES.indexOf(step))) {
      expect((await runStep(name, account.context)).outcome).not.toBe("failed");
    }
    break_(account);
    const result = await runStep(step, account.context);
    expect(result).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
    expect(JSON.stringify(result)).not.toContain(TOKEN);
    account.intercept = undefined;
    account.server.down = undefined;
    expect((await runStep(step, account.context)).outcome).not.toBe("failed");
  });

  it("a name that another account owns", async () => {
    const takenNames = new Map([["caseqa_acme", "somebody-else"]]);
    const account = await startAccount({ takenNames });
    expect(await runStep("integration", account.context)).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/another Zendesk account owns/),
      remedy: expect.stringMatching(/Choose another name/),
    });
  });

  it("a user who is no administrator", async () => {
    const account = await startAccount();
    const context = account.with({ callZendesk: account.as(account.zis.as.agentSession) });
    expect(await runStep("integration", context)).toMatchObject({
      outcome: "failed",
      remedy: expect.stringMatching(/administrator/),
    });
  });

  it("an API token where the integration's own is wanted", async () => {
    const account = await startAccount();
    await runStep("integration", account.context);
    const context = account.with({ callZendesk: account.as(account.zis.as.apiToken) });
    expect(await runStep("connections", context)).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/API token is not supported/),
      remedy: expect.stringMatching(/oauth_client/),
    });
  });

  it("a job spec that cannot be installed does not keep the others from it", async () => {
    const account = await startAccount();
    await installAll(account);
    const all = (await readState(account.context)).jobSpecs.installed;
    await account.zis.call(
      "POST",
      `/registry/caseqa_acme/bundles`,
      account.zis.as.apiToken,
      (
        await account.zis.call(
          "GET",
          `/registry/caseqa_acme/bundles/${(await readState(account.context)).found?.uuid}`,
          account.zis.as.apiToken,
        )
      ).json,
    );
    account.intercept = ({ method, path }) =>
      method === "POST" && path.includes("on_ticket_created")
        ? { status: 500, body: "oh" }
        : undefined;
    expect(await runStep("job_specs", account.context)).toMatchObject({
      outcome: "failed",
      message: expect.stringMatching(/on_ticket_created is not installed.*500: oh/),
    });
    expect((await readState(account.context)).jobSpecs.orphaned).toEqual(["on_ticket_created"]);
    account.intercept = undefined;
    expect((await runStep("job_specs", account.context)).outcome).toBe("done");
    expect((await readState(account.context)).jobSpecs.installed).toEqual(all);
  });
});

describe("the connection", () => {
  it("waits for the token", async () => {
    const account = await startAccount();
    await runStep("integration", account.context);
    const { serverToken: _token, ...without } = account.context;
    expect(await runStep("connections", without)).toMatchObject({
      outcome: "waiting",
      remedy: expect.stringMatching(/SERVER_TOKENS/),
    });
  });

  it("of another domain is mended, also where it cannot be changed", async () => {
    const account = await startAccount();
    await runStep("integration", account.context);
    await runStep("connections", account.with({ serverUrl: "https://old.example.com" }));
    account.intercept = ({ method }) =>
      method === "PATCH" || method === "PUT" ? { status: 405, body: "" } : undefined;
    expect(await checkStep("connections", account.context)).toMatchObject({ outcome: "waiting" });
    expect(await runStep("connections", account.context)).toMatchObject({
      outcome: "done",
      facts: { allowed_domain: "127.0.0.1" },
    });
  });

  it("shows the token nowhere, even when Zendesk quotes it", async () => {
    const account = await startAccount();
    await runStep("integration", account.context);
    account.intercept = ({ path }) =>
      path.endsWith("/bearer_token") ? { status: 400, body: `bad token ${TOKEN}` } : undefined;
    const result = await runStep("connections", account.context);
    expect(result.message).toContain("bad token *****");
    expect(JSON.stringify(result)).not.toContain(TOKEN);
  });
});
