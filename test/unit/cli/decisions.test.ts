import { describe, expect, test } from "vitest";
import type { Health } from "#contract/routes/health";
import { compareBundles } from "#cli/commands/diff";
import { readAssignments } from "#cli/commands/config-write";
import { readSince } from "#cli/commands/sweep";
import { judgeApp } from "#cli/doctor/app";
import { judgeKind, judgeToken } from "#cli/doctor/credential";
import { judgeAddress, judgeClock, judgeHealth } from "#cli/doctor/server";
import { answerText } from "#cli/http";
import { stopped } from "#cli/installation";
import { serverOrigin } from "#cli/project";
import { environmentKind } from "#cli/zendesk-login";
import type { Bundle } from "#zis/model/bundle";

const NOW = new Date("2026-11-25T12:00:00Z");

describe("--since", () => {
  test.each([
    ["30m", "2026-11-25T11:30:00.000Z"],
    ["6h", "2026-11-25T06:00:00.000Z"],
    ["2d", "2026-11-23T12:00:00.000Z"],
    ["2026-11-25T08:00:00Z", "2026-11-25T08:00:00.000Z"],
    ["2026-11-25T08:00:00+01:00", "2026-11-25T07:00:00.000Z"],
  ])("%s is %s", (text, instant) => {
    expect(readSince(text, NOW)).toBe(instant);
  });

  test.each([
    "yesterday",
    "2026-11-25",
    "2026-11-25T08:00:00",
    "6",
    "-6h",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
  ])("%s is misuse", (text) => {
    expect(() => readSince(text, NOW)).toThrow(/--since takes a time/);
  });

  test("the future is misuse", () => {
    expect(() => readSince("2026-11-25T12:00:01Z", NOW)).toThrow(/in the future/);
  });
});

describe("FIELD=VALUE", () => {
  test("JSON is read as such, everything else as a text", () => {
    const read = readAssignments([
      "enabled=false",
      'ignore_tags=["a=b"]',
      "on_ambiguous=tag",
      "case_external_id_field=",
      "case_number_field_id=null",
    ]);
    expect(read).toEqual({
      enabled: false,
      ignore_tags: ["a=b"],
      on_ambiguous: "tag",
      case_external_id_field: "",
      case_number_field_id: null,
    });
  });

  test.each([
    ["enabled", /is not FIELD=VALUE/],
    ["enable=false", /there is no setting enable; the settings are .*enabled/],
    ["revision=9", /revision is not set by hand/],
    ["version=1", /version is not set by hand/],
  ])("%s is misuse", (text, message) => {
    expect(() => readAssignments([text])).toThrow(message);
  });
});

describe("the server's address", () => {
  test.each([
    ["https://caseqa.example.com", "https://caseqa.example.com"],
    ["https://caseqa.example.com/", "https://caseqa.example.com"],
    ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://[::1]:3000", "http://[::1]:3000"],
  ])("%s is %s", (text, origin) => {
    expect(serverOrigin(text)).toBe(origin);
  });

  test.each(["caseqa.example.com", "https://h/v1", "https://h/?a", "ftp://h", "https://a:b@h", ""])(
    "%s is misuse",
    (text) => {
      expect(() => serverOrigin(text)).toThrow(/is not a server's address/);
    },
  );

  test.each(["http://caseqa.example.com", "http://10.0.0.1", "http://127.0.0.1.example.com"])(
    "%s would be unencrypted",
    (text) => {
      expect(() => serverOrigin(text)).toThrow(/unencrypted: write https/);
    },
  );
});

describe("the kind of credential", () => {
  const all = {
    ZENDESK_SUBDOMAIN: "acme",
    ZENDESK_OAUTH_TOKEN: "t",
    ZENDESK_OAUTH_CLIENT_ID: "i",
    ZENDESK_OAUTH_CLIENT_SECRET: "s",
    ZENDESK_EMAIL: "e",
    ZENDESK_API_TOKEN: "a",
  };
  const { ZENDESK_OAUTH_TOKEN: _token, ...withoutToken } = all;
  const { ZENDESK_OAUTH_CLIENT_ID: _id, ...withoutClient } = withoutToken;

  test("is the one that zcli takes first", () => {
    expect(environmentKind(all)).toBe("oauth_token");
    expect(environmentKind(withoutToken)).toBe("client_credentials");
    expect(environmentKind(withoutClient)).toBe("api_token");
    expect(environmentKind({ ...withoutClient, ZENDESK_API_TOKEN: "" })).toBeUndefined();
    expect(environmentKind({ ...all, ZENDESK_SUBDOMAIN: "" })).toBeUndefined();
  });

  test("API tokens warn with the days that are left, and fail when they have ended", () => {
    expect(judgeKind("client_credentials", NOW)).toMatchObject({ state: "ok", remedy: null });
    expect(judgeKind("api_token", NOW)).toMatchObject({
      state: "warning",
      message: expect.stringContaining("in 156 days"),
    });
    expect(judgeKind("profile_api_token", new Date("2027-04-30T00:00:00Z")).state).toBe("failed");
  });

  test("a token's scopes are compared, since Zendesk grants unknown ones too", () => {
    expect(judgeToken({ scopes: ["read", "write"] }, NOW)).toMatchObject([{ state: "ok" }]);
    expect(judgeToken({ scopes: ["read"], expires_at: "2026-11-25T12:30:00Z" }, NOW)).toMatchObject(
      [
        { state: "failed", message: "scopes read; write missing" },
        { state: "ok", message: expect.stringContaining("ends in 30 minutes") },
      ],
    );
    expect(judgeToken({}, NOW)).toMatchObject([{ state: "failed" }]);
  });
});

describe("what a signal stopped", () => {
  const all = ["app", "integration", "bundle", "job specs", "settings"];

  test.each([
    [
      [],
      "Done: nothing. Perhaps half done: app. Not begun: integration, bundle, job specs, settings.",
    ],
    [
      ["app", "integration"],
      "Done: app, integration. Perhaps half done: bundle. Not begun: job specs, settings.",
    ],
    [all, "Done: app, integration, bundle, job specs, settings."],
  ])("after %j", (did, text) => {
    const { message, remedy } = stopped("upgrade", all, did);
    expect(message).toBe("the upgrade was stopped");
    expect(remedy).toContain(text);
    expect(remedy).toContain("\n    Run caseqa upgrade again: what is done stays");
    expect(remedy.includes("events may start no flow")).toBe(!did.includes("job specs"));
  });
});

describe("the doctor", () => {
  const app = {
    id: "7",
    appId: "42",
    enabled: true,
    name: "CaseQA",
    settings: { server_url: "https://s" },
  };
  const facts = { ours: [app], serverUrl: "https://s", served: "1.0.0", built: "1.0.0" };

  test.each([
    ["not installed", { ...facts, ours: [] }, ["failed"]],
    ["as it should be", facts, ["ok"]],
    ["nothing built here", { ...facts, built: undefined }, ["ok"]],
    ["disabled", { ...facts, ours: [{ ...app, enabled: false }] }, ["failed"]],
    ["twice", { ...facts, ours: [app, app] }, ["warning"]],
    ["another server", { ...facts, serverUrl: "https://t" }, ["failed"]],
    ["an older version", { ...facts, served: "0.9.0" }, ["warning"]],
  ])("the app: %s", (_title, given, states) => {
    expect(judgeApp(given).map(({ state }) => state)).toEqual(states);
  });

  test("clocks may be half a minute apart", () => {
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
    expect(judgeClock("clock: server", at(30), NOW).state).toBe("ok");
    expect(judgeClock("clock: server", at(31), NOW).message).toBe("31 s ahead of this machine");
    expect(judgeClock("clock: server", at(-31), NOW).message).toBe("31 s behind this machine");
  });

  test("an address that Zendesk cannot reach is told", () => {
    expect(judgeAddress("https://caseqa.example.com", "caseqa.json").state).toBe("ok");
    for (const origin of ["https://10.example.com", "https://localhost-1.example.com"]) {
      expect(judgeAddress(origin, "caseqa.json").state).toBe("ok");
    }
    for (const origin of [
      "http://caseqa.example.com",
      "https://localhost",
      "https://10.0.0.1",
      "https://172.20.0.5",
      "https://192.168.1.2",
      "https://169.254.1.1",
      "https://[::1]",
      "https://[fd12::1]",
    ]) {
      expect(judgeAddress(origin, "caseqa.json").state).toBe("warning");
    }
  });

  test("the server's checks are told as they are, and its numbers are judged", () => {
    const queue = { queue: "q", open: 1, dead: 0, oldest_seconds: 0 };
    const health: Health = {
      version: "v1",
      now: NOW.toISOString(),
      checks: [{ name: "salesforce_login", state: "failed", message: "m", cure: "c" }],
      settings_revision: 1,
      lag: null,
      queues: [queue],
      budget: [],
      last_sweep: null,
      owed_tickets: 0,
      flows: null,
    };
    expect(judgeHealth(health, NOW)).toMatchObject([
      { name: "server: salesforce_login", state: "failed", message: "m", remedy: "c" },
      { name: "queue", state: "ok" },
      { name: "clock: server", state: "ok" },
      { name: "sweep", state: "warning" },
    ]);
    const waiting = {
      id: "s",
      state: "running",
      finished_at: null,
      waits_until: NOW.toISOString(),
    };
    expect(judgeHealth({ ...health, last_sweep: waiting as never }, NOW).at(-1)).toMatchObject({
      name: "sweep",
      state: "ok",
      message: expect.stringContaining("Zendesk holds back"),
    });
    const bad = { ...health, queues: [{ ...queue, dead: 2, oldest_seconds: 61 }] };
    expect(judgeHealth(bad, NOW).slice(1, 3)).toMatchObject([
      { name: "queue", state: "failed", message: "q: 2 jobs were given up" },
      { name: "queue", state: "warning" },
    ]);
  });
});

describe("the differences of bundles", () => {
  const bundle = (resources: unknown): Bundle => ({
    name: "CaseQA",
    description: "d",
    zis_template_version: "2019-10-14",
    resources: resources as Bundle["resources"],
  });

  test("are told by resource and member; the order of members is none", () => {
    const before = bundle({ a: { x: { y: [1, 2], z: 1 } }, gone: {}, same: { p: 1, q: 2 } });
    const after = bundle({ same: { q: 2, p: 1 }, a: { x: { z: 1, y: [1, 3, 4] } }, fresh: {} });
    expect(compareBundles(before, after)).toEqual([
      { kind: "changed", resource: "a", path: "/x/y/1", before: 2, after: 3 },
      { kind: "changed", resource: "a", path: "/x/y/2", before: undefined, after: 4 },
      { kind: "added", resource: "fresh", path: "" },
      { kind: "removed", resource: "gone", path: "" },
    ]);
    expect(compareBundles(after, after)).toEqual([]);
    expect(compareBundles(undefined, after)).toHaveLength(3);
  });
});

describe("what an answer says", () => {
  test.each([
    [{ status: 401, body: "Authentication\n failed" }, "401 Authentication failed"],
    [{ status: 400, body: { message: "no" } }, "400 no"],
    [{ status: 422, body: { error: "RecordInvalid", description: "d" } }, "422 RecordInvalid; d"],
    [{ status: 400, body: { errors: [{ detail: "bad" }] } }, "400 bad"],
    [{ status: 503, body: { error: { message: "away" } } }, "503 away"],
    [{ status: 500, body: null }, "500"],
    [{ status: 418, body: { teapot: true } }, '418 {"teapot":true}'],
  ])("%j reads %s", (answer, text) => {
    expect(answerText(answer)).toBe(text);
  });
});
